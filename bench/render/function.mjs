// A Lambda function that develops photographs with sharp, as functions/process does without it: the same event in, five
// renditions in the bucket out. It keeps no records. `WAY` says which of ways.mjs. What AWS's own runtime for Node does
// around a handler is the loop at the end.
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { ways } from './ways.mjs';

const { AWS_ENDPOINT_URL_S3, AWS_LAMBDA_RUNTIME_API, RENDITION_BUCKET, UPLOAD_BUCKET, WAY } = process.env;
const client = new S3Client({ endpoint: AWS_ENDPOINT_URL_S3, forcePathStyle: true });
const way = ways[WAY];

async function develop(key) {
  const { Body } = await client.send(new GetObjectCommand({ Bucket: UPLOAD_BUCKET, Key: key }));
  const files = await way(Buffer.from(await Body.transformToByteArray()));
  for (const [i, file] of files.entries()) {
    await client.send(new PutObjectCommand({
      Bucket: RENDITION_BUCKET, Key: `${key.replace(/^originals/, 'renditions')}/${i}.jpg`, Body: file,
      ContentType: 'image/jpeg',
    }));
  }
}

async function handler(event) {
  for (const message of event.Records) {
    for (const record of JSON.parse(message.body).Records) {
      await develop(decodeURIComponent(record.s3.object.key.replaceAll('+', ' ')));
    }
  }
  return { batchItemFailures: [] };
}

const invocation = `http://${AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime/invocation`;
for (;;) {
  const next = await fetch(`${invocation}/next`);
  const id = next.headers.get('lambda-runtime-aws-request-id');
  try {
    const body = JSON.stringify(await handler(await next.json()));
    await fetch(`${invocation}/${id}/response`, { method: 'POST', body });
  } catch (error) {
    await fetch(`${invocation}/${id}/error`, { method: 'POST', body: JSON.stringify({ errorMessage: String(error?.stack) }) });
  }
}
