// Uploading as a client does: announce, then PUT.
import { createHash } from 'node:crypto';

/** distinct is the JPEG with a comment of its own: other bytes, the same picture. */
export function distinct(jpeg, comment) {
  const text = Buffer.from(comment);
  const segment = Buffer.from([0xff, 0xfe, (text.length + 2) >> 8, (text.length + 2) & 255]);
  return Buffer.concat([jpeg.subarray(0, 2), segment, text, jpeg.subarray(2)]);
}

/** upload sends bytes, and answers the image's id. */
export async function upload(api, filename, bytes) {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const { data } = await api.graphql({
    query: `mutation Create($filename: String!, $bytes: Int!, $sha256: String!) {
      createUpload(filename: $filename, contentType: "image/jpeg", bytes: $bytes, sha256: $sha256) {
        ... on UploadTarget { url method headers { name value } image { id } } } }`,
    variables: { filename, bytes: bytes.length, sha256 },
  });
  const { url, method, headers, image } = data.createUpload;
  const answer = await fetch(url, { method, headers: Object.fromEntries(headers.map((h) => [h.name, h.value])), body: bytes });
  if (answer.status !== 200) throw new Error(`PUT ${filename}: ${answer.status} ${await answer.text()}`);
  return image.id;
}
