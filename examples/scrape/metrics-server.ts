// Serves what prom-client knows at /metrics, for Prometheus to scrape.
import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Registry } from 'prom-client';

/** @param port - 0 for any that is free. */
export async function serveMetrics(register: Registry, port: number): Promise<{ server: Server; url: string }> {
  const server = createServer((request, response) => {
    if (request.url !== '/metrics') {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('The metrics are at /metrics.\n');
      return;
    }
    answer(register, response).catch((error: unknown) => {
      response.writeHead(500, { 'content-type': 'text/plain' }).end(`${error}\n`);
    });
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics` };
}

async function answer(register: Registry, response: ServerResponse): Promise<void> {
  const text = await register.metrics();
  response.writeHead(200, { 'content-type': register.contentType }).end(text);
}
