import { describe, expect, test } from 'vitest';
import { Failure, failure } from '../src/api/errors.js';
import { explain } from '../src/auth/words.js';
import { checkConfig } from '../src/config.js';
import * as format from '../src/format.js';
import { hrefOf, parseRoute, type Route } from '../src/route.js';
import { camera, device, file, words } from '../src/viewer/facts.js';
import type { Details } from '../src/viewer/operations.js';

describe('numbers', () => {
  test.each([[0, '0 B'], [999, '999 B'], [1000, '1.0 kB'], [9949, '9.9 kB'], [9951, '10 kB'], [999_600, '1.0 MB'], [1 << 30, '1.1 GB'], [2 ** 40, '1.1 TB']])(
    '%d bytes are %s', (n, want) => expect(format.bytes(n, 'en')).toBe(want));
  test.each([[2, 'a few seconds'], [31, '30 seconds'], [58, '1 minute'], [600, '10 minutes'], [3600, '1 hour'], [9000, '3 hours'], [Infinity, '']])(
    '%d seconds are %s', (n, want) => expect(format.duration(n)).toBe(want));
  test.each([[1 / 250, '1/250 s'], [0.3, '0.3 s'], [2, '2 s'], [0, '']])('an exposure of %d is %s', (n, want) => expect(format.exposure(n)).toBe(want));
  test('places and directions', () => {
    expect(format.coordinates(-33.8568, 151.2153)).toBe('33.8568° S, 151.2153° E');
    expect(format.mapLink(1.5, -2)).toBe('https://www.openstreetmap.org/?mlat=1.50000&mlon=-2.00000#map=15/1.50000/-2.00000');
    expect([format.direction(359), format.direction(-90), format.direction(135)]).toEqual(['north (359°)', 'west (-90°)', 'south-east (135°)']);
  });
  test('a camera’s clock is not moved', () => {
    expect(format.taken('2020-05-05T22:30:00.000Z', 120, 'en-GB')).toMatch(/Wednesday,? 6 May 2020 at 00:30/);
    expect(format.taken('2020-05-05T22:30:00.000Z', null, 'en-GB')).toMatch(/Tuesday,? 5 May 2020 at 22:30/);
  });
});

describe('facts', () => {
  const details = {
    filename: 'x', bytes: 2_000_000, contentType: 'image/jpeg', format: 'jpeg', width: 4000, height: 3000, frames: 1, profile: 'Display P3', createdAt: '2026-11-01T10:00:00Z', purgeAt: null,
    capture: { takenAt: null, offset: null, make: 'Canon', model: 'Canon EOS R6', lens: null, exposure: 0.004, aperture: 2.8, iso: 400, focalLength: 50, direction: 0, location: null },
    description: { title: '<b>hi</b>', caption: null, keywords: ['a', 'b'], rating: -1, copyright: null },
  } as unknown as Details;

  test('only what is known is told', () => {
    expect(camera(details)).toEqual([
      { name: 'Camera', value: 'Canon EOS R6' }, { name: 'Settings', value: '1/250 s · f/2.8 · ISO 400 · 50 mm' }, { name: 'Facing', value: 'north (0°)' },
    ]);
    expect(words(details).map((f) => f.value)).toEqual(['<b>hi</b>', 'a, b', 'rejected']);
    expect(file(details, 'en').map((f) => f.name)).toEqual(['Size', 'File', 'Profile', 'Uploaded']);
    expect(camera({ ...details, capture: null })).toEqual([]);
  });
  test('a maker is not named twice', () => {
    expect([device('RICOH IMAGING', 'RICOH GR'), device('Apple', 'iPhone 17'), device(null, 'X'), device(null, null)]).toEqual(['RICOH GR', 'Apple iPhone 17', 'X', '']);
  });
});

describe('errors', () => {
  const graphql = (error: object) => failure({ data: null, errors: [error] });
  test.each([
    ['of the API', { message: 'no', extensions: { code: 'QUOTA_EXCEEDED' } }, 'QUOTA_EXCEEDED'],
    ['of AppSync', { message: 'no', errorType: 'CONFLICT' }, 'CONFLICT'],
    ['of the authorizer', { message: 'Unauthorized' }, 'UNAUTHENTICATED'],
    ['of the network', { message: 'Network Error' }, 'OFFLINE'],
    ['of another kind', { message: 'boo', extensions: { code: 'toString' } }, 'UNKNOWN'],
  ])('%s', (_, error, code) => expect(graphql(error).code).toBe(code));

  test('the message of INVALID_INPUT is for people, that of INTERNAL is not', () => {
    expect(graphql({ message: 'a picture has 1 to 5 bytes', extensions: { code: 'INVALID_INPUT', field: 'bytes' } })).toMatchObject({ message: 'A picture has 1 to 5 bytes.', field: 'bytes' });
    expect(graphql({ message: 'request 12', extensions: { code: 'INTERNAL' } }).message).not.toMatch('12');
  });
  test('whatever was thrown is a sentence', () => {
    for (const thrown of [undefined, null, 'x', new TypeError('fetch failed'), {}, new Failure('CONFLICT', 'Twice.')]) expect(failure(thrown).message).toMatch(/^[A-Z].*\.$/);
  });
  test('Cognito’s too', () => {
    expect(explain({ name: 'UserLambdaValidationException', message: 'PreSignUp failed with error only addresses of example.com may join' })).toBe('Only addresses of example.com may join.');
    expect(explain({ name: 'InvalidPasswordException', message: 'Password did not conform with policy: Password not long enough' })).toBe('Password not long enough.');
    expect(explain({ name: 'NotAuthorizedException', message: 'Password attempts exceeded' })).toMatch('too often');
    expect(explain({})).toMatch(/^That did not work/);
  });
});

describe('places', () => {
  const routes: Route[] = [{ page: 'photos' }, { page: 'trash' }, { page: 'account' }, { page: 'picture', id: 'a/b #?', from: 'photos' }, { page: 'picture', id: 'x', from: 'trash' }];
  test.each(routes)('%j has an address', (route) => expect(parseRoute(hrefOf(route))).toEqual(route));
  test.each(['', '#', '#/nowhere', '#/picture/', '#access_token=x'])('%j is the photos', (hash) => expect(parseRoute(hash)).toEqual({ page: 'photos' }));
  test('a broken escape is no reason to fail', () => expect(parseRoute('#/picture/%E0%A4%A')).toMatchObject({ page: 'picture' }));
});

describe('the configuration', () => {
  const good = { graphql: 'https://a/graphql', realtime: 'https://b/graphql', cognito: { region: 'r', userPoolId: 'r_p', clientId: 'c' } };
  test('a whole one is taken', () => expect(checkConfig(good)).toEqual(good));
  test.each([
    ['nothing', null], ['a list', []], ['no cognito', { ...good, cognito: undefined }], ['no client', { ...good, cognito: { ...good.cognito, clientId: '' } }],
    ['another scheme', { ...good, graphql: 'javascript:alert(1)' }], ['no address', { ...good, realtime: 'b' }],
  ])('%s is refused', (_, bad) => expect(() => checkConfig(bad)).toThrow());
});
