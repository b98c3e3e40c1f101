import { gunzipSync } from 'node:zlib';
import { type HttpResponse, request } from '../../src/http/client.ts';
import type { Capture, Json, JsonObject } from './captures.ts';
import { type Bindings, compare, type Mismatch } from './compare.ts';
import { decodeMessage, encodeBody } from './protobuf.ts';
import { compareStreams } from './streams.ts';

/** The headers that say something about the answer, rather than about the moment or the server. */
const TELLING_HEADERS = [
  'allow',
  'content-disposition',
  'content-encoding',
  'content-type',
  'location',
  'message-content-type',
  'transfer-encoding',
  'www-authenticate',
];

/** Sends a captured request as it stands, by the name of the program that sent it: pages of help depend on it. */
export const send = (capture: Capture, url: string): Promise<HttpResponse> => {
  const { method, path, headers } = capture;
  const body = encodeBody(capture);
  const sent = { 'User-Agent': 'curl', ...headers };
  return request({ method, url: `${url}${path}`, headers: sent, ...(body === undefined ? {} : { body }) });
};

/** What an answer differs in from the captured one: its status, its headers, what it says. */
export const compareAnswers = (capture: Capture, response: HttpResponse, bindings: Bindings): Mismatch[] => {
  if (capture.events !== undefined) {
    return [
      ...compare(capture.status, response.status, bindings, 'status'),
      ...compareHeaders(capture, response.headers, bindings),
      ...compareStreams(capture.events, recordsOf(response.body), bindings),
    ];
  }
  const sent = bodyOf(capture);
  const got = response.body.length === 0 ? {} : readBody(capture, response, sent);
  return [
    ...compare(capture.status, response.status, bindings, 'status'),
    ...compareHeaders(capture, response.headers, bindings),
    ...compare(sent.json, got.json, bindings, 'body'),
    ...compare(sent.text, got.text, bindings, 'text'),
  ];
};

/** Transfer-Encoding is told of streams alone: whether a body has a length beforehand is the server's business. */
export const compareHeaders = (
  { answer, events }: Capture,
  headers: HttpResponse['headers'],
  bindings: Bindings,
): Mismatch[] =>
  TELLING_HEADERS.filter((name) => events !== undefined || name !== 'transfer-encoding').flatMap((name) =>
    compare(answer[name], headers[name]?.toString(), bindings, `header.${name}`),
  );

interface Said {
  readonly json?: Json;
  readonly text?: string;
}

const recordsOf = (body: Buffer): JsonObject[] => {
  const lineEnd = body.indexOf('\n');
  if (lineEnd < 0) return [];
  const end = lineEnd + 1 + Number(body.toString('latin1', 0, lineEnd));
  return [
    JSON.parse(body.toString('utf8', lineEnd + 1, end)) as JsonObject,
    ...recordsOf(body.subarray(end)),
  ];
};

const bodyOf = ({ json, text, base64 }: Capture): Said => {
  if (base64 !== undefined) return { text: Buffer.from(base64, 'base64').toString('latin1') };
  if (text === undefined) return json === undefined ? {} : { json };
  return unwrapJsonp(text) ?? { text };
};

const readBody = (capture: Capture, { body, headers }: HttpResponse, sent: Said): Said => {
  if (capture.protobuf !== undefined) return { json: decodeMessage(capture, body) };
  const bytes = headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
  const text = bytes.toString(headers['content-type'] === 'application/x-protobuf' ? 'latin1' : 'utf8');
  if (sent.json === undefined) return { text };
  try {
    return unwrapJsonp(text) ?? { json: JSON.parse(text) as Json };
  } catch {
    return { text };
  }
};

/** `name({…})`, as a list of both. */
const unwrapJsonp = (text: string): Said | undefined => {
  const [, name, json] = /^(\w+)\((\{.*\})\);?$/s.exec(text) ?? [];
  return name === undefined || json === undefined
    ? undefined
    : { json: { name, json: JSON.parse(json) as JsonObject } };
};
