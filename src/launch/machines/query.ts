import type { Machine } from '../../generated';

/** What is wanted of a machine, out of words as people write them. */
export type Wish = {
  gpus: Bounds;
  /** GB of each GPU. */
  gpuMemory: Bounds;
  cpus: Bounds;
  /** GB of the machine. */
  memory: Bounds;
  usd: Bounds;
  /** What its name, or that of its GPU, has in it. */
  words: readonly string[];
};

type Bounds = readonly [low: number, high: number];

/** Why a machine is not to be had; null where nothing is known to be in the way. */
export type Obstacle = 'no quota' | 'not offered' | 'not allowed';

const ANY: Bounds = [-Infinity, Infinity];

/** `<= 2 usd/h`, `1 gpu`, `24gb vram`: what may stand before a number, the number, its unit. */
const MEASURE = new RegExp(
  [
    /(^|\s)(<=?|>=?|=|under|below|at most|max|over|at least|min|exactly)?\s*/,
    /(\$)?(\d+(?:\.\d+)?)\s*/,
    /(gpus?|v?cpus?|cores?|usd|dollars?|\$|(?:tb|tib|gb|gib|g)(?:\s*(?:vram|ram|memory|mem))?)?/,
    /(?:\s*(?:\/|per)\s*h(?:ours?|r)?)?(?=\s|$)/
  ]
    .map(part => part.source)
    .join(''),
  'g'
);
const AT_MOST = /^(<|under|below|at most|max)/;
const EXACTLY = /^(=|exactly)/;
const NO_GPU = /(^|\s)(?:no|without)\s+gpus?(?=\s|$)|(^|\s)cpu only(?=\s|$)/g;
const FILLERS = new Set(
  'a an and at cheap cheapest core cores gb gib hour in mem memory of on or per ram the vcpu vcpus vram with'.split(
    ' '
  )
);

/** Read `1 gpu 24gb`, `8 cpu`, `64gb`, `g5`, `<1$`. A memory beside GPUs is that of a GPU, a second one the machine's. */
export function wish(text: string): Wish {
  const found = { gpus: ANY, gpuMemory: ANY, cpus: ANY, memory: ANY, usd: ANY };
  const memories: { bounds: Bounds; of: string }[] = [];
  const limit = (member: keyof typeof found, bounds: Bounds) => {
    const [low, high] = found[member];
    found[member] = [Math.max(low, bounds[0]), Math.min(high, bounds[1])];
  };
  const rest = text
    .toLowerCase()
    .replace(/,(?=\s|$)/g, ' ')
    .replace(/gpu\s+(?:memory|mem|ram)\b/g, 'vram')
    .replace(NO_GPU, () => {
      limit('gpus', [0, 0]);
      return ' ';
    })
    .replace(MEASURE, (all, start, how = '', dollar, digits, unit = '') => {
      const number = Number(digits);
      if (dollar || /^(usd|dollar|\$)/.test(unit) || (how && !unit)) {
        limit('usd', bounds(number, how || '<'));
      } else if (unit.startsWith('gpu')) {
        limit('gpus', bounds(number, number === 0 ? '=' : how));
      } else if (/cpu|core/.test(unit)) {
        limit('cpus', bounds(number, how));
      } else if (unit) {
        const gb = unit.startsWith('t') ? number * 1000 : number;
        const of = /vram/.test(unit)
          ? 'gpu'
          : /ram|mem/.test(unit)
            ? 'all'
            : '';
        memories.push({ bounds: bounds(gb, how), of });
      } else {
        return all;
      }
      return ' ';
    });
  const words = rest.split(/\s+/).filter(word => word && !FILLERS.has(word));
  if (words.some(isGpu)) {
    limit('gpus', [1, Infinity]);
  }
  if (words.includes('cpu')) {
    limit('gpus', [0, 0]);
  }
  let ofGpu = found.gpus[0] > 0;
  for (const { bounds: wanted, of } of memories) {
    const gpu = of === 'gpu' || (of === '' && ofGpu);
    limit(gpu ? 'gpuMemory' : 'memory', wanted);
    ofGpu = ofGpu && !gpu;
  }
  const names = words.filter(word => !isGpu(word) && word !== 'cpu');
  return { ...found, words: names };
}

/** Whether a machine has all that is wanted; what is not known of it does not fit. */
export function fits(machine: Machine, wanted: Wish): boolean {
  const name = `${machine.name} ${machine.gpu}`.toLowerCase();
  return (
    within(machine.gpus, wanted.gpus) &&
    holds(ofEach(machine), wanted.gpuMemory) &&
    within(machine.vcpus, wanted.cpus) &&
    holds(machine.memory_gib, wanted.memory) &&
    within(machine.usd_per_hour, wanted.usd) &&
    wanted.words.every(word => name.includes(word))
  );
}

/** GiB of one of its GPUs. */
export function ofEach(machine: Machine): number | null {
  const { gpu_memory_gib: all, gpus } = machine;
  return all === null || !gpus ? null : all / gpus;
}

/** How many more of it may run now; null where that is not known. */
export function left({ in_use, quota }: Machine): number | null {
  if (quota === null || quota <= 0) {
    return quota;
  }
  return in_use === null ? null : Math.max(0, quota - in_use);
}

export function obstacle(machine: Machine): Obstacle | null {
  if (!machine.allowed) {
    return 'not allowed';
  }
  if (machine.offered === false) {
    return 'not offered';
  }
  return left(machine) === 0 ? 'no quota' : null;
}

const LAST: readonly (Obstacle | null)[] = [
  null,
  'no quota',
  'not offered',
  'not allowed'
];

/** Those that fit, the cheapest that may be had first. They come the cheapest first. */
export function found(machines: readonly Machine[], text: string): Machine[] {
  const wanted = wish(text);
  const rank = (machine: Machine) => LAST.indexOf(obstacle(machine));
  return machines
    .filter(machine => fits(machine, wanted))
    .sort((a, b) => rank(a) - rank(b));
}

/** The type that a text is, and no words to look for; with `ml.` before it where that is missing. */
export function typed(
  text: string,
  machines: readonly Machine[]
): string | null {
  const name = text.trim().toLowerCase();
  const whole = name.startsWith('ml.') ? name : `ml.${name}`;
  if (machines.some(machine => machine.name === whole)) {
    return whole;
  }
  return TYPE.test(name) ? name : null;
}

const TYPE = /^ml\.[a-z]+\d[a-z0-9-]*\.\d*[a-z]+$/;

function bounds(number: number, how: string): Bounds {
  if (EXACTLY.test(how)) {
    return [number, number];
  }
  return AT_MOST.test(how) ? [-Infinity, number] : [number, Infinity];
}

function within(value: number | null, [low, high]: Bounds): boolean {
  return value === null
    ? low === -Infinity && high === Infinity
    : low <= value && value <= high;
}

/** A GPU that is sold with 24 GB has 22.35 GiB, which is 24 GB all the same. */
const GB = 1.073741824;

function holds(gib: number | null, [low, high]: Bounds): boolean {
  if (gib === null) {
    return within(null, [low, high]);
  }
  return low <= gib * GB * 1.001 && gib <= high;
}

function isGpu(word: string): boolean {
  return word === 'gpu' || word === 'gpus';
}
