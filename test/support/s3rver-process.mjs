// An S3 server of its own process: node s3rver-process.mjs <directory> <port>. Prints its port.
import S3rver from '@20minutes/s3rver';

const [directory, port] = process.argv.slice(2);
const server = new S3rver({
  address: '127.0.0.1',
  port: Number(port),
  directory,
  silent: true,
  vhostBuckets: false,
  // It does not understand the signature of a path like /bucket/; which key signed is still looked at.
  allowMismatchedSignatures: true,
  configureBuckets: [{ name: 'checkpoints', configs: [] }],
});
const address = await server.run();
console.log(address.port);
