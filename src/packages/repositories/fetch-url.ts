import { createFetchBody } from '../../http/fetch-body.ts';
import type { FetchUrl } from '../../universe/sources/http-reader.ts';

export const fetchUrl: FetchUrl = createFetchBody({ headersMs: 20_000, wholeMs: 120_000 });
