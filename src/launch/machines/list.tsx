import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import { number, rate, UNKNOWN } from '../../format';
import type { Machine, Machines } from '../../generated';
import { useSmext } from '../../components/hooks';
import type { Catalogue } from './catalogue';
import type { Obstacle } from './query';
import { left, obstacle, ofEach } from './query';

interface IListProps {
  id: string;
  catalogue: Catalogue;
  answer: Machines | null;
  shown: readonly Machine[];
  /** How many there are in all. */
  all: number;
  /** Which of those shown the keys are at. */
  at: number;
  /** The one that is chosen. */
  value: string;
  onPick: (name: string) => void;
}

/** All machines that fit, in columns; the focus stays in the field above. */
export function MachineList(props: IListProps): JSX.Element {
  const { answer, at, catalogue, id, shown } = props;
  const { trans } = useSmext();
  const list = React.useRef<HTMLUListElement>(null);
  React.useEffect(() => {
    list.current?.children[at]?.scrollIntoView?.({ block: 'nearest' });
  }, [at, shown]);
  const pick = React.useRef(props.onPick);
  pick.current = props.onPick;
  const onPick = React.useCallback((name: string) => pick.current(name), []);
  return (
    <div
      className="smext-Machine-popup"
      // The field would lose the focus, and close the list, before a click.
      onMouseDown={event => event.preventDefault()}
    >
      <p className="smext-Machine-hint">
        {trans.__('Words to find one by: 1 gpu 24gb · 8 cpu · 64gb · g5 · <1$')}
      </p>
      <p className="smext-Machine-status" role="status">
        {status(props, trans)}
      </p>
      <Heads />
      <ul
        ref={list}
        id={id}
        role="listbox"
        aria-label={trans.__('Machines')}
        aria-busy={catalogue.asking}
      >
        {shown.map((machine, index) => (
          <Row
            key={machine.name}
            id={`${id}-${index}`}
            machine={machine}
            current={index === at}
            chosen={machine.name === props.value}
            asking={catalogue.asking}
            onPick={onPick}
          />
        ))}
      </ul>
      <About answer={answer} catalogue={catalogue} />
    </div>
  );
}

function status(props: IListProps, trans: TranslationBundle): string {
  const { all, answer, catalogue, shown } = props;
  if (answer === null && catalogue.asking) {
    return trans.__('Asking what each of them has…');
  }
  if (shown.length === 0) {
    return trans.__('No machine is known to fit. A whole name may be typed.');
  }
  const count =
    shown.length === all
      ? trans.__('%1 machines, the cheapest first', shown.length)
      : trans._n(
          '%1 machine fits',
          '%1 machines fit, the cheapest first',
          shown.length
        );
  return answer?.ready === false && catalogue.asking
    ? trans.__('%1; more is on its way', count)
    : count;
}

function Heads(): JSX.Element {
  const { trans } = useSmext();
  return (
    <div className="smext-Machine-row smext-Machine-heads" aria-hidden="true">
      <span>{trans.__('Type')}</span>
      <span className="smext-Machine-figure">{trans.__('vCPU')}</span>
      <span className="smext-Machine-figure">{trans.__('Memory')}</span>
      <span className="smext-Machine-figure">{trans.__('GPUs')}</span>
      <span className="smext-Machine-figure">{trans.__('GPU memory')}</span>
      <span className="smext-Machine-price">{trans.__('Price')}</span>
      <span>{trans.__('Quota')}</span>
    </div>
  );
}

interface IRowProps {
  id: string;
  machine: Machine;
  current: boolean;
  chosen: boolean;
  asking: boolean;
  onPick: (name: string) => void;
}

const Row = React.memo(function (props: IRowProps): JSX.Element {
  const { trans } = useSmext();
  const { asking, machine } = props;
  const { memory_gib, name, usd_per_hour, vcpus } = machine;
  const inTheWay = obstacle(machine);
  const gpus = ofGpus(machine);
  const figures = [
    vcpus === null ? '?' : String(vcpus),
    memory_gib === null ? '?' : gib(memory_gib),
    gpus.count || (machine.gpus === null ? '?' : UNKNOWN),
    gpus.memory || UNKNOWN
  ];
  const why = reason(inTheWay, trans) ?? quota(machine, asking, trans);
  const line = spoken(machine, why, trans);
  return (
    <li
      id={props.id}
      className={`smext-Machine-row${inTheWay ? ' smext-mod-off' : ''}`}
      role="option"
      aria-selected={props.current}
      aria-disabled={inTheWay === 'not allowed'}
      aria-label={line}
      title={line}
      data-chosen={props.chosen || undefined}
      onClick={() => props.onPick(name)}
    >
      <span className="smext-Machine-name">{name}</span>
      {figures.map((figure, index) => (
        <span
          key={index}
          className={`smext-Machine-figure smext-num${figure === UNKNOWN ? ' smext-mod-none' : ''}`}
        >
          {figure}
        </span>
      ))}
      <span className="smext-Machine-price smext-num">
        {usd_per_hour === null ? trans.__('no price') : rate(usd_per_hour)}
      </span>
      <span className="smext-Machine-quota">{why}</span>
    </li>
  );
});

function reason(
  inTheWay: Obstacle | null,
  trans: TranslationBundle
): string | null {
  switch (inTheWay) {
    case 'not allowed':
      return trans.__('not allowed');
    case 'not offered':
      return trans.__('not offered here');
    default:
      return null;
  }
}

function quota(
  machine: Machine,
  asking: boolean,
  trans: TranslationBundle
): string {
  const { quota: limit } = machine;
  const free = left(machine);
  if (limit === null) {
    return asking ? '…' : '?';
  }
  if (limit === 0) {
    return trans.__('0: ask for more');
  }
  return free === null
    ? trans.__('? of %1 left', limit)
    : trans.__('%1 of %2 left', free, limit);
}

/** A row in one line, for who hears it. */
function spoken(
  machine: Machine,
  why: string,
  trans: TranslationBundle
): string {
  const { memory_gib, name, usd_per_hour, vcpus } = machine;
  const gpus = ofGpus(machine);
  return [
    name,
    usd_per_hour === null ? trans.__('no price') : rate(usd_per_hour),
    vcpus === null ? '' : trans.__('%1 vCPU', vcpus),
    memory_gib === null ? '' : gib(memory_gib),
    gpus.count && trans.__('GPU: %1', `${gpus.count} ${gpus.memory}`.trim()),
    why === '?' ? trans.__('quota unknown') : why
  ]
    .filter(Boolean)
    .join(', ');
}

/** Where the figures are from, and what could not be found out. */
function About(props: {
  answer: Machines | null;
  catalogue: Catalogue;
}): JSX.Element | null {
  const { trans } = useSmext();
  const { answer, catalogue } = props;
  const problems = [
    ...(answer?.problems ?? []),
    ...(catalogue.problem ? [catalogue.problem] : [])
  ];
  return (
    <div className="smext-Machine-about">
      {problems.map(problem => (
        <p key={problem.message} className="smext-mod-warn">
          {`${problem.message} ${problem.advice}`.trim()}
        </p>
      ))}
      {answer && (
        <p>
          {trans.__(
            'By %1, %2. A GPU that is sold with 24 GB has 22 GiB.',
            answer.source,
            answer.as_of
          )}
        </p>
      )}
    </div>
  );
}

/** `16 GiB`. */
export function gib(size: number): string {
  const places = size < 10 && !Number.isInteger(size) ? 1 : 0;
  return `${number(size, places)} GiB`;
}

/** Its GPUs, or what it computes with instead, and their memory; empty where there are none. */
export function ofGpus(machine: Machine): { count: string; memory: string } {
  const { gpu, gpus } = machine;
  const each = ofEach(machine);
  if (!gpus) {
    return { count: gpu, memory: '' };
  }
  const memory = each === null ? '' : gib(each);
  return {
    count: `${gpus} ${gpu}`.trim(),
    memory: gpus > 1 && memory ? `${gpus} × ${memory}` : memory
  };
}
