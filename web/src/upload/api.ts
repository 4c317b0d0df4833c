// What uploads ask of the API.
import { graphql, type ResultOf } from '../api/graphql.js';
import type { Drawn } from '../api/operations.js';
import { drawn } from '../api/operations.js';
import type { Ask } from '../api/session.js';
import type { Target } from './transfer.js';

const createUploads = graphql(
  `
    mutation CreateUploads($uploads: [UploadInput!]!) {
      createUploads(uploads: $uploads) {
        __typename
        ... on AlreadyHave { image { ...Drawn } }
        ... on UploadTarget { image { ...Drawn } url method headers { name value } expiresAt }
        ... on UploadParts { image { ...Drawn } partBytes parts expiresAt }
        ... on UploadFailure { code field message }
      }
    }
  `,
  [drawn],
);
const uploadParts = graphql(`
  mutation SignParts($id: ID!, $parts: [PartInput!]!) {
    uploadParts(id: $id, parts: $parts) { number url method headers { name value } expiresAt }
  }
`);
const uploadProgress = graphql(`query Progress($id: ID!) { uploadProgress(id: $id) { parts { number bytes } complete } }`);
const completeUpload = graphql(`mutation Complete($id: ID!) { completeUpload(id: $id) { ...Drawn } }`, [drawn]);

export type Announced = ResultOf<typeof createUploads>['createUploads'][number];
export type Parts = Extract<Announced, { __typename: 'UploadParts' }>;

export interface Announcement {
  filename: string;
  contentType: string;
  bytes: number;
  sha256: string;
}

export interface Part {
  number: number;
  bytes: number;
  sha256: string;
}

/** Server is the API as uploads use it. */
export interface Server {
  announce(uploads: Announcement[]): Promise<Announced[]>;
  signPart(id: string, part: Part): Promise<Target>;
  /** The numbers of the parts that have arrived. */
  arrived(id: string): Promise<ReadonlySet<number>>;
  complete(id: string): Promise<Drawn>;
}

export const server = (ask: Ask): Server => ({
  announce: async (uploads) => (await ask(createUploads, { uploads })).createUploads,
  async signPart(id, part) {
    const [target] = (await ask(uploadParts, { id, parts: [part] })).uploadParts;
    if (!target) throw new Error('the API signed nothing');
    return target;
  },
  arrived: async (id) => new Set((await ask(uploadProgress, { id })).uploadProgress.parts.map(({ number }) => number)),
  complete: async (id) => (await ask(completeUpload, { id })).completeUpload,
});
