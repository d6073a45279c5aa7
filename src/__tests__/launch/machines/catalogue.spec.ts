import type { Machines } from '../../../generated';
import { Catalogue } from '../../../launch/machines/catalogue';

const PACE = { again: [1, 1, 1], stale: 60_000 };

function answer(ready: boolean): Machines {
  return {
    machines: [],
    as_of: '2026-07-11',
    source: 'EC2',
    ready,
    problems: []
  };
}

/** A route that answers so, one after another; the last for ever. */
function routes(...answers: (Machines | Error)[]) {
  const asked: string[] = [];
  return {
    asked,
    async launchMachines(kind: string): Promise<Machines> {
      asked.push(kind);
      const next = answers.length > 1 ? answers.shift() : answers[0];
      if (next instanceof Error) {
        throw next;
      }
      return next as Machines;
    }
  };
}

/** Wait until nothing more is to come. */
async function settled(catalogue: Catalogue): Promise<void> {
  while (catalogue.asking) {
    await new Promise(resolve => setTimeout(resolve, 2));
  }
}

describe('Catalogue', () => {
  it('asks for nothing before somebody looks', () => {
    const route = routes(answer(true));
    expect(new Catalogue(route, PACE).of('training')).toBeNull();
    expect(route.asked).toEqual([]);
  });

  it('asks again while quotas are still to come', async () => {
    const route = routes(answer(false), answer(false), answer(true));
    const catalogue = new Catalogue(route, PACE);
    const seen: (boolean | undefined)[] = [];
    catalogue.changed.connect(() => seen.push(catalogue.of('training')?.ready));
    catalogue.look('training');
    await settled(catalogue);
    expect(seen).toEqual([false, false, true]);
    expect(route.asked).toHaveLength(3);
  });

  it('gives up asking when it never ends', async () => {
    const route = routes(answer(false));
    const catalogue = new Catalogue(route, PACE);
    catalogue.look('training');
    await settled(catalogue);
    expect(route.asked).toHaveLength(4);
    expect(catalogue.of('training')?.ready).toBe(false);
  });

  it('asks once for what it knows, and for each kind of job', async () => {
    const route = routes(answer(true));
    const catalogue = new Catalogue(route, PACE);
    catalogue.look('training');
    catalogue.look('training');
    await settled(catalogue);
    catalogue.look('training');
    catalogue.look('processing');
    await settled(catalogue);
    expect(route.asked).toEqual(['training', 'processing']);
  });

  it('asks again when what it knows is old', async () => {
    const route = routes(answer(true));
    const catalogue = new Catalogue(route, { ...PACE, stale: -1 });
    catalogue.look('training');
    await settled(catalogue);
    catalogue.look('training');
    await settled(catalogue);
    expect(route.asked).toHaveLength(2);
  });

  it('keeps what it knows when a later question fails', async () => {
    const route = routes(answer(true), new Error('gone'));
    const catalogue = new Catalogue(route, { ...PACE, stale: -1 });
    catalogue.look('training');
    await settled(catalogue);
    catalogue.look('training');
    await settled(catalogue);
    expect(catalogue.of('training')).not.toBeNull();
    expect(catalogue.problem?.message).toContain('gone');
  });

  it('asks no more once it is disposed', async () => {
    const route = routes(answer(false));
    const catalogue = new Catalogue(route, PACE);
    catalogue.look('training');
    catalogue.dispose();
    await new Promise(resolve => setTimeout(resolve, 20));
    expect(route.asked).toHaveLength(1);
  });
});
