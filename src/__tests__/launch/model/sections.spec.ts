import { nullTranslator } from '@jupyterlab/translation';
import { fitted } from '../../../launch/model/job-kind';
import { summary, worst } from '../../../launch/model/sections';
import type { LaunchForm } from '../../../generated';
import { defaults, OPTIONS, plan } from '../../samples';

const trans = nullTranslator.load('smext');

const form = (part: Partial<LaunchForm> = {}): LaunchForm => ({
  ...defaults().form,
  ...part
});

/** What is open always, for it decides what runs and for how long. */
const ESSENTIAL = [
  'job_kind',
  'instance_type',
  'instance_count',
  'volume_gb',
  'max_runtime_seconds',
  'max_usd',
  'parameters'
];

describe('the sections of the form', () => {
  it('hold every member that is not open always, once', () => {
    const { sections } = defaults();
    const closed = sections.filter(({ label }) => label !== '');
    const inSections = OPTIONS.filter(option =>
      closed.some(({ name }) => name === option.section)
    ).map(option => option.member);
    expect([...inSections, ...ESSENTIAL].sort()).toEqual(
      Object.keys(form()).sort()
    );
  });

  it.each<[string, Partial<LaunchForm>, string]>([
    [
      'data',
      {
        inputs: [{ name: 'a', uri: 's3://b/', mode: 'File' }],
        outputs: [{ name: 'o', uri: '' }]
      },
      '1 input, 1 output'
    ],
    [
      'training',
      { job_kind: 'training', spot: true, max_usd: 5 },
      'spot, stop at $5.00'
    ],
    ['training', { job_kind: 'processing', spot: true }, ''],
    [
      'training',
      { job_kind: 'training', retries: 2, remote_debug: true },
      '2 retries, Remote debugging'
    ],
    [
      'network',
      { subnets: ['a', 'b'], network_isolation: true },
      '2 subnets, isolated'
    ],
    ['tags', { tags: { team: 'x', owner: 'y' } }, '2'],
    ['environment', {}, ''],
    [
      'image',
      { image: 'host/repo:3', role: 'arn:aws:iam::1:role/r' },
      'repo:3, r'
    ]
  ])('%s of %j is said as %j', (name, part, text) => {
    expect(summary(name, form(part), null, trans, OPTIONS)).toBe(text);
  });

  it('say what goes along out of the plan', () => {
    const found = plan({
      files: ['a', 'b'],
      packages: [{ requirement: 'x', why: '', source: '' }]
    });
    expect(summary('files', form(), found, trans, OPTIONS)).toBe(
      '2 files, 1 package'
    );
  });

  it('know the worst that is said of anything inside', () => {
    const faults = new Map([
      ['role', { text: '', level: 'warn' as const }],
      ['inputs.0.uri', { text: '', level: 'bad' as const }]
    ]);
    expect(worst('image', faults, OPTIONS)).toBe('warn');
    expect(worst('data', faults, OPTIONS)).toBe('bad');
    expect(worst('tags', faults, OPTIONS)).toBeNull();
  });
});

describe('a form as it is sent', () => {
  it('leaves out what only training jobs have', () => {
    const sent = fitted(
      form({
        inputs: [
          { name: 'a', uri: 's3://b/', mode: 'FastFile' },
          { name: 'b', uri: 's3://b/', mode: 'Pipe' }
        ],
        spot: true,
        max_wait_seconds: 7200,
        keep_alive_seconds: 60,
        retries: 3
      }),
      OPTIONS
    );
    expect(sent).toMatchObject({
      inputs: [
        { name: 'a', uri: 's3://b/', mode: 'File' },
        { name: 'b', uri: 's3://b/', mode: 'Pipe' }
      ],
      spot: false,
      max_wait_seconds: null,
      keep_alive_seconds: 0,
      retries: 0
    });
  });

  it('leaves out what only processing jobs have, and a wait for spot machines without them', () => {
    const training = form({
      job_kind: 'training',
      outputs: [{ name: 'o', uri: '' }],
      max_wait_seconds: 7200,
      retries: 3
    });
    expect(fitted(training, OPTIONS)).toEqual({
      ...training,
      outputs: [],
      max_wait_seconds: null
    });
  });
});
