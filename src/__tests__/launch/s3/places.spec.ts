import {
  address,
  crumbs,
  parentOf,
  Places,
  startOf
} from '../../../launch/s3/places';
import type { S3Listing } from '../../../generated';
import { problem } from '../../samples';
import { TinyServer, until } from '../../server';

const listing = (part: Partial<S3Listing> = {}): S3Listing => ({
  uri: '',
  entries: [],
  complete: true,
  problem: null,
  ...part
});

describe('addresses in S3', () => {
  it('are a way of folders from the list of buckets', () => {
    expect(crumbs('')).toEqual([]);
    expect(crumbs('s3://b/x/y/').map(({ uri }) => uri)).toEqual([
      's3://b/',
      's3://b/x/',
      's3://b/x/y/'
    ]);
    expect(parentOf('s3://b/x/y/')).toBe('s3://b/x/');
    expect(parentOf('s3://b/')).toBe('');
  });

  it.each([
    ['', ''],
    ['efs://fs-1/x', ''],
    ['s3://b', 's3://b/'],
    ['s3://b/x/', 's3://b/x/'],
    [' s3://b/x/data.csv', 's3://b/x/'],
    ['s3://b/data.csv', 's3://b/']
  ])('%j in a field is begun at %j', (field, start) => {
    expect(startOf(field)).toBe(start);
  });

  it.each([
    ['', ''],
    ['s3://', ''],
    ['b', 's3://b/'],
    ['b/x/', 's3://b/x/'],
    ['s3://b/2026-1', 's3://b/2026-1']
  ])('%j as typed is looked at as %j', (typed, uri) => {
    expect(address(typed)).toBe(uri);
  });
});

describe('Places', () => {
  it('reads a folder once', async () => {
    const server = new TinyServer().on('launch/s3', listing());
    const places = new Places(server.api());
    await places.open('s3://b/');
    await places.open('');
    await places.open('s3://b/');
    expect(server.routes('launch/s3').map(({ query }) => query.uri)).toEqual([
      's3://b/',
      ''
    ]);
  });

  it('shows what was opened last, whichever answers last', async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>(resolve => (release = resolve));
    const server = new TinyServer().on(
      'launch/s3',
      async ({ query }: { query: Record<string, string> }) => {
        if (query.uri === 's3://slow/') {
          await held;
        }
        return { body: listing({ uri: query.uri }) };
      }
    );
    const places = new Places(server.api());
    const slow = places.open('s3://slow/');
    await places.open('s3://quick/');
    release();
    await slow;
    expect(places.listing?.uri).toBe('s3://quick/');
    expect(places.reading).toBe(false);
  });

  it('says what is denied, and asks again', async () => {
    const denied = listing({ complete: false, problem: problem() });
    const server = new TinyServer().on('launch/s3', denied);
    const places = new Places(server.api());
    await places.open('');
    expect(places.problem?.code).toBe('denied');
    server.on('launch/s3', listing());
    await places.open('');
    await until(() => places.problem === null);
  });

  it('says that nobody answers', async () => {
    const server = new TinyServer().on('launch/s3', () => new TypeError('x'));
    const places = new Places(server.api());
    await places.open('s3://b/');
    expect(places.problem?.code).toBe('unreachable');
    expect(places.reading).toBe(false);
  });
});
