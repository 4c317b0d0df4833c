// Errors come in many shapes, of GraphQL, API Gateway, Cognito and the network. People read one: a sentence.

export type Code =
  | 'UNAUTHENTICATED' | 'NOT_FOUND' | 'INVALID_INPUT' | 'QUOTA_EXCEEDED' | 'CONFLICT' | 'INTERNAL' // the API's own
  | 'OFFLINE'
  | 'UNKNOWN';

/** Failure is an error whose message can be shown. */
export class Failure extends Error {
  constructor(
    readonly code: Code,
    message: string,
    readonly field?: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }

  /** Whether trying again, unchanged, may help. */
  get passing(): boolean {
    return this.code === 'OFFLINE' || this.code === 'INTERNAL' || this.code === 'CONFLICT';
  }
}

const sentences: Record<Code, string> = {
  UNAUTHENTICATED: 'Your session has ended. Sign in again to go on.',
  NOT_FOUND: 'That is not here any more.',
  INVALID_INPUT: 'That was not accepted.',
  QUOTA_EXCEEDED: 'Your storage is full. Purge something from the trash to make room.',
  CONFLICT: 'Somebody changed it at the same moment. Try again.',
  INTERNAL: 'Something went wrong on our side. Try again in a moment.',
  OFFLINE: 'Darkroom cannot be reached. Check your connection.',
  UNKNOWN: 'Something went wrong. Try again.',
};

/** sentence is what to tell of a code when the server said nothing better. */
export const sentence = (code: string): string => sentences[isCode(code) ? code : 'UNKNOWN'];

/** failure makes one of whatever was thrown. */
export function failure(reason: unknown): Failure {
  if (reason instanceof Failure) return reason;
  const first = firstError(reason);
  if (first) return ofGraphQL(first, reason);
  if (isUnreachable(reason)) return new Failure('OFFLINE', sentences.OFFLINE, undefined, { cause: reason });
  return new Failure('UNKNOWN', sentences.UNKNOWN, undefined, { cause: reason });
}

interface GraphQLError {
  message?: string;
  errorType?: string; // AppSync
  extensions?: { code?: string; field?: string };
  originalError?: unknown; // Amplify, of the network
}

function firstError(reason: unknown): GraphQLError | undefined {
  const errors = (reason as { errors?: unknown } | null)?.errors;
  return Array.isArray(errors) ? (errors[0] as GraphQLError) : undefined;
}

function ofGraphQL(error: GraphQLError, cause: unknown): Failure {
  const code = error.extensions?.code ?? error.errorType ?? '';
  if (isCode(code)) {
    // Of INTERNAL the message is a request id, for operators; of the others it was written for people.
    const message = code === 'INVALID_INPUT' || code === 'CONFLICT' ? error.message : undefined;
    return new Failure(code, message ? asSentence(message) : sentences[code], error.extensions?.field, { cause });
  }
  if (/unauthori[sz]ed|401|no current user|NoSignedUser/i.test(error.message ?? '')) {
    return new Failure('UNAUTHENTICATED', sentences.UNAUTHENTICATED, undefined, { cause });
  }
  if (/network/i.test(error.message ?? '') || error.originalError) {
    return new Failure('OFFLINE', sentences.OFFLINE, undefined, { cause });
  }
  return new Failure('UNKNOWN', sentences.UNKNOWN, undefined, { cause });
}

const isCode = (code: string): code is Code => Object.hasOwn(sentences, code);

const isUnreachable = (reason: unknown): boolean =>
  reason instanceof TypeError || (reason as { name?: string } | null)?.name === 'NetworkError';

/** asSentence begins with a capital and ends with a full stop. */
export function asSentence(text: string): string {
  const trimmed = text.trim();
  const capital = trimmed.charAt(0).toUpperCase() + trimmed.slice(1);
  return /[.!?…]$/.test(capital) ? capital : `${capital}.`;
}
