// A picture to explore with: drawn on the spot, a new one each time, and uploaded as every client does.
import { sha256 } from '@noble/hashes/sha2.js'; // the browser's own needs https
import { bytesToHex } from '@noble/hashes/utils.js';
import type { Config } from '../src/config.js';
import { token } from './session.js';

const create = `mutation Send($filename: String!, $bytes: Int!, $sha256: String!) {
  createUpload(filename: $filename, contentType: "image/jpeg", bytes: $bytes, sha256: $sha256) {
    ... on UploadTarget { url method headers { name value } image { id } }
    ... on AlreadyHave { image { id } }
  }
}`;

interface Created {
  data?: { createUpload: { url?: string; method?: string; headers?: { name: string; value: string }[] } };
  errors?: { message: string }[];
}

/** sendPicture uploads a picture, and answers its file's name. */
export async function sendPicture({ graphql }: Config): Promise<string> {
  const picture = new Uint8Array(await (await draw()).arrayBuffer());
  const filename = `playground ${new Date().toISOString().slice(11, 19)}.jpg`;
  const announced = await fetch(graphql, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: await token() },
    body: JSON.stringify({ query: create, variables: { filename, bytes: picture.length, sha256: bytesToHex(sha256(picture)) } }),
  });
  const { data, errors } = (await announced.json()) as Created;
  if (!data || errors) throw new Error(errors?.[0]?.message ?? `the API answered ${announced.status}`);
  const { url, method, headers } = data.createUpload;
  if (!url || !method || !headers) return filename; // it is there already
  const sent = await fetch(url, { method, headers: Object.fromEntries(headers.map(({ name, value }) => [name, value])), body: picture });
  const refusal = await sent.text();
  if (!sent.ok) throw new Error(`S3 answered ${sent.status}: ${refusal}`);
  return filename;
}

/** draw makes a sky with a sun somewhere. */
async function draw(): Promise<Blob> {
  const canvas = new OffscreenCanvas(1200, 800);
  const paint = canvas.getContext('2d')!;
  const hue = Math.random() * 360;
  const sky = paint.createLinearGradient(0, 0, 0, 800);
  sky.addColorStop(0, `hsl(${hue} 70% 30%)`);
  sky.addColorStop(1, `hsl(${hue + 60} 80% 75%)`);
  paint.fillStyle = sky;
  paint.fillRect(0, 0, 1200, 800);
  paint.fillStyle = 'hsl(45 100% 85%)';
  paint.beginPath();
  paint.arc(200 + Math.random() * 800, 150 + Math.random() * 400, 90, 0, 2 * Math.PI);
  paint.fill();
  return canvas.convertToBlob({ type: 'image/jpeg', quality: 0.9 });
}
