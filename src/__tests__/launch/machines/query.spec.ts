import type { Machine } from '../../../generated';
import {
  fits,
  found,
  left,
  obstacle,
  typed,
  wish
} from '../../../launch/machines/query';

function machine(name: string, more: Partial<Machine> = {}): Machine {
  return {
    name,
    usd_per_hour: null,
    vcpus: null,
    memory_gib: null,
    gpus: null,
    gpu: '',
    gpu_memory_gib: null,
    quota: null,
    in_use: null,
    offered: null,
    allowed: true,
    ...more
  };
}

function cpu(name: string, vcpus: number, gib: number, usd: number): Machine {
  const figures = { vcpus, memory_gib: gib, usd_per_hour: usd };
  return machine(name, { ...figures, gpus: 0 });
}

function gpu(
  name: string,
  vcpus: number,
  gib: number,
  usd: number | null,
  [gpus, chip, all]: [number, string, number]
): Machine {
  const figures = { vcpus, memory_gib: gib, usd_per_hour: usd };
  return machine(name, { ...figures, gpus, gpu: chip, gpu_memory_gib: all });
}

/** The cheapest first, as they come. */
const MACHINES = [
  cpu('ml.t3.medium', 2, 4, 0.05),
  cpu('ml.m5.xlarge', 4, 16, 0.23),
  cpu('ml.m5.2xlarge', 8, 32, 0.46),
  cpu('ml.r5.2xlarge', 8, 64, 0.6),
  gpu('ml.g4dn.xlarge', 4, 16, 0.74, [1, 'T4', 16]),
  gpu('ml.g5.xlarge', 4, 16, 1.41, [1, 'A10G', 22.35]),
  gpu('ml.g5.4xlarge', 16, 64, 2.03, [1, 'A10G', 22.35]),
  gpu('ml.g5.12xlarge', 48, 192, 7.09, [4, 'A10G', 89.4]),
  gpu('ml.p4d.24xlarge', 96, 1152, 25.25, [8, 'A100', 320]),
  gpu('ml.p5.48xlarge', 192, 2048, null, [8, 'H100', 640]),
  machine('ml.z9.xlarge')
];

function names(text: string): string[] {
  return found(MACHINES, text).map(each => each.name.slice(3));
}

describe('words that are looked for', () => {
  it.each([
    ['', MACHINES.map(each => each.name.slice(3))],
    ['g5', ['g5.xlarge', 'g5.4xlarge', 'g5.12xlarge']],
    ['G5 4X', ['g5.4xlarge']],
    ['a10g', ['g5.xlarge', 'g5.4xlarge', 'g5.12xlarge']],
    [
      'gpu',
      [
        'g4dn.xlarge',
        'g5.xlarge',
        'g5.4xlarge',
        'g5.12xlarge',
        'p4d.24xlarge',
        'p5.48xlarge'
      ]
    ],
    [
      '1 gpu 24gb',
      ['g5.xlarge', 'g5.4xlarge', 'g5.12xlarge', 'p4d.24xlarge', 'p5.48xlarge']
    ],
    ['exactly 1 gpu, 24 GiB', ['g5.xlarge', 'g5.4xlarge']],
    [
      '24gb gpu',
      ['g5.xlarge', 'g5.4xlarge', 'g5.12xlarge', 'p4d.24xlarge', 'p5.48xlarge']
    ],
    ['24gb gpu memory under $2', ['g5.xlarge']],
    [
      'gpu 24gb 64gb',
      ['g5.4xlarge', 'g5.12xlarge', 'p4d.24xlarge', 'p5.48xlarge']
    ],
    [
      '1 gpu 64gb ram',
      ['g5.4xlarge', 'g5.12xlarge', 'p4d.24xlarge', 'p5.48xlarge']
    ],
    ['80gb vram', ['p5.48xlarge']],
    ['4 gpus', ['g5.12xlarge', 'p4d.24xlarge', 'p5.48xlarge']],
    ['no gpu 8 cpu', ['m5.2xlarge', 'r5.2xlarge']],
    ['0 gpu 64gb', ['r5.2xlarge']],
    ['cpu <0.5$', ['t3.medium', 'm5.xlarge', 'm5.2xlarge']],
    ['1tb', ['p4d.24xlarge', 'p5.48xlarge']],
    [
      '8 cpu',
      [
        'm5.2xlarge',
        'r5.2xlarge',
        'g5.4xlarge',
        'g5.12xlarge',
        'p4d.24xlarge',
        'p5.48xlarge'
      ]
    ],
    [
      '8vcpus, 64 gb',
      ['r5.2xlarge', 'g5.4xlarge', 'g5.12xlarge', 'p4d.24xlarge', 'p5.48xlarge']
    ],
    [
      '<1$',
      ['t3.medium', 'm5.xlarge', 'm5.2xlarge', 'r5.2xlarge', 'g4dn.xlarge']
    ],
    ['gpu under 2 usd', ['g4dn.xlarge', 'g5.xlarge']],
    ['a gpu at most $2/h', ['g4dn.xlarge', 'g5.xlarge']],
    ['over 20 usd per hour', ['p4d.24xlarge']],
    ['<= 4 cores', ['t3.medium', 'm5.xlarge', 'g4dn.xlarge', 'g5.xlarge']],
    ['nothing has this', []]
  ])('%s', (text, expected) => {
    expect(names(text)).toEqual(expected);
  });

  it('do not match what is not known', () => {
    expect(names('1 cpu')).not.toContain('z9.xlarge');
    expect(names('z9')).toEqual(['z9.xlarge']);
    expect(names('p5 <1000$')).toEqual([]);
  });

  it('keep both of two limits', () => {
    expect(names('gpu over 1 usd under 3 usd')).toEqual([
      'g5.xlarge',
      'g5.4xlarge'
    ]);
  });

  it('are read without a machine', () => {
    expect(wish('2 gpu g5').words).toEqual(['g5']);
    expect(wish('2 gpu g5').gpus).toEqual([2, Infinity]);
  });
});

describe('what may be had', () => {
  const cheap = machine('ml.a1.large', { quota: 0 });
  const gone = machine('ml.b1.large', { offered: false });
  const banned = machine('ml.c1.large', { allowed: false, offered: false });
  const unknown = machine('ml.d1.large');
  const free = machine('ml.e1.large', { quota: 4, in_use: 2 });

  it('comes before what may not', () => {
    const all = [banned, gone, cheap, unknown, free];
    expect(found(all, '')).toEqual([unknown, free, cheap, gone, banned]);
  });

  it('is told from the quota and what is in use', () => {
    expect(left(free)).toBe(2);
    expect(left({ ...free, in_use: 7 })).toBe(0);
    expect(left(cheap)).toBe(0);
    expect(left(unknown)).toBeNull();
    expect(left({ ...free, in_use: null })).toBeNull();
  });

  it('says what is in the way', () => {
    expect([free, unknown, cheap, gone, banned].map(obstacle)).toEqual([
      null,
      null,
      'no quota',
      'not offered',
      'not allowed'
    ]);
  });

  it('fits an empty wish', () => {
    expect(fits(unknown, wish(' '))).toBe(true);
  });
});

describe('a name that was typed', () => {
  it.each([
    ['ml.m5.xlarge', 'ml.m5.xlarge'],
    [' M5.xlarge ', 'ml.m5.xlarge'],
    ['ml.x9-new.48xlarge', 'ml.x9-new.48xlarge'],
    ['1 gpu', null],
    ['g5', null],
    ['ml.m5', null],
    ['ml.z9', null]
  ])('%s is %s', (text, name) => {
    expect(typed(text, MACHINES)).toBe(name);
  });
});
