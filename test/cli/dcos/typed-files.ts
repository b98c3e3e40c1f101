/** What stood in the folder where the original was called, as its requests tell. */
export const TYPED_FILES: Readonly<Record<string, string>> = {
  'app.json': '{"id":"/new","cmd":"sleep 1","cpus":0.1,"mem":32,"instances":1}',
  'opts.json': '{"service":{"name":"hw"}}',
  'bad.json': '{bad',
  'repos.json': '{"repositories":[{"name":"R1","uri":"http://r1"},{"name":"Universe","uri":"u"}]}',
  'job.json':
    '{"id":"j3","run":{"cmd":"sleep 1","cpus":0.1,"mem":32,"disk":0},"schedules":[{"id":"s","cron":"* * * * *"}]}',
  pw: 'secret\n',
};
