import { get } from 'node:http';

/** One GET on a fresh connection; resolves to status and body, or null on any error or after `timeoutMilliseconds`. */
export function probeOnce(
  host: string,
  port: number,
  path: string,
  timeoutMilliseconds: number,
): Promise<{ status: number; body: string } | null> {
  return new Promise((resolve) => {
    const request = get({ host, port, path, agent: false, timeout: timeoutMilliseconds }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        body += chunk;
        if (body.length > 4096) request.destroy();
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
      response.on('error', () => resolve(null));
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(null));
    request.on('close', () => resolve(null));
  });
}

/** Whether the server answers `GET /health` with 200 and `ok`, as the wire contract asks. */
export async function isHealthy(host: string, port: number): Promise<boolean> {
  const answer = await probeOnce(host, port, '/health', 1000);
  return answer !== null && answer.status === 200 && answer.body === 'ok';
}
