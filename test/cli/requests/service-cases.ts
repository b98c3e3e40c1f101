import type { RequestCase } from './request-case.ts';

/** Schedulers of services, and the package spark. */
export const SERVICE_CASES: readonly RequestCase[] = [
  {
    line: 'service endpoints kafka',
    answers: { 'GET /service/kafka/v1/endpoints': [200, {}, ['a']] },
    asks: ['GET /service/kafka/v1/endpoints'],
  },
  {
    line: 'service endpoints data/kafka a',
    answers: { 'GET /service/data/kafka/v1/endpoints/a': [200, {}, 'x'] },
    asks: ['GET /service/data/kafka/v1/endpoints/a'],
  },
  {
    line: 'service plan kafka',
    answers: { 'GET /service/kafka/v1/plans/deploy': [200, {}, { phases: [] }] },
    asks: ['GET /service/kafka/v1/plans/deploy'],
  },
  {
    line: 'service log marathon',
    asks: ['GET /system/v1/leader/mesos/logs/v2/component/dcos-marathon.service?skip=-10'],
  },
  {
    line: 'spark run --class org.example.Count --conf spark.cores.max=2 https://example.com/count.jar 1000',
    answers: {
      'GET /service/spark/v1/endpoints/submissions': [200, { 'Content-Type': 'text/plain' }, '@URL@'],
      'GET /service/spark/v1/endpoints/master': [200, { 'Content-Type': 'text/plain' }, 'spark://m:7077'],
      'POST /v1/submissions/create': [200, {}, { success: true, submissionId: 'driver-1' }],
    },
    asks: [
      'GET /service/spark/v1/endpoints/master',
      'GET /service/spark/v1/endpoints/submissions',
      {
        request: 'POST /v1/submissions/create',
        body: {
          action: 'CreateSubmissionRequest',
          clientSparkVersion: '4.2.0',
          appResource: 'https://example.com/count.jar',
          mainClass: 'org.example.Count',
          appArgs: ['1000'],
          environmentVariables: {},
          sparkProperties: {
            'spark.app.name': 'org.example.Count',
            'spark.driver.memory': '512m',
            'spark.executor.memory': '512m',
            'spark.driver.supervise': 'false',
            'spark.jars': 'https://example.com/count.jar',
            'spark.cores.max': '2',
            'spark.master': 'spark://m:7077',
            'spark.submit.deployMode': 'cluster',
          },
        },
        headers: { authorization: null, 'content-type': 'application/json;charset=UTF-8' },
      },
    ],
  },
  {
    line: 'spark status driver-1',
    answers: {
      'GET /service/spark/v1/endpoints/submissions': [200, { 'Content-Type': 'text/plain' }, '@URL@'],
      'GET /service/spark/v1/endpoints/master': [200, { 'Content-Type': 'text/plain' }, 'spark://m:7077'],
      'GET /v1/submissions/status': [
        200,
        {},
        { success: true, submissionId: 'driver-1', driverState: 'RUNNING' },
      ],
    },
    asks: [
      'GET /service/spark/v1/endpoints/submissions',
      {
        request: 'GET /v1/submissions/status/driver-1',
        headers: { authorization: null, 'content-type': 'application/json;charset=UTF-8' },
      },
    ],
  },
  {
    line: 'spark kill driver-1',
    answers: {
      'GET /service/spark/v1/endpoints/submissions': [200, { 'Content-Type': 'text/plain' }, '@URL@'],
      'GET /service/spark/v1/endpoints/master': [200, { 'Content-Type': 'text/plain' }, 'spark://m:7077'],
      'POST /v1/submissions/kill': [200, {}, { success: true }],
    },
    asks: [
      'GET /service/spark/v1/endpoints/submissions',
      {
        request: 'POST /v1/submissions/kill/driver-1',
        headers: { authorization: null, 'content-type': 'application/json;charset=UTF-8' },
      },
    ],
  },
];
