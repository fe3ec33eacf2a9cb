import { type ErrorParts, MeasurementError } from '@photofinish/schema';

/** What can go wrong between a request and its answer. */
export type FaultCode =
  | 'E_HTTP_CONNECT'
  | 'E_HTTP_CLOSED'
  | 'E_HTTP_TIMEOUT'
  | 'E_HTTP_MALFORMED'
  | 'E_HTTP_TOO_LARGE'
  | 'E_HTTP_SURPLUS';

const remedies: Record<FaultCode, string> = {
  E_HTTP_CONNECT: 'see whether the server still lives and listens',
  E_HTTP_CLOSED: 'keep the connection open until the client closes it',
  E_HTTP_TIMEOUT: 'answer every request, or give the server more time',
  E_HTTP_MALFORMED: 'answer in HTTP/1.1 as RFC 9112 writes it',
  E_HTTP_TOO_LARGE: 'answer with the body of the contract and nothing else',
  E_HTTP_SURPLUS: 'send exactly the announced number of bytes, and no body to HEAD',
};

/** A server that gave no answer, or none that can be read. */
export class HttpFault extends MeasurementError {
  declare readonly code: FaultCode;

  constructor(code: FaultCode, parts: Omit<ErrorParts, 'remedy'>) {
    super(code, { ...parts, remedy: remedies[code] });
  }
}
