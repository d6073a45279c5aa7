import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import { rate } from '../../format';
import type {
  InstanceChoice,
  LaunchForm,
  Machine as Type
} from '../../generated';
import { useSignal, useSmext } from '../../components/hooks';
import { Catalogue } from './catalogue';
import type { Wiring } from '../form/field';
import { Field } from '../form/field';
import { found, obstacle, typed } from './query';
import { gib, ofGpus, MachineList } from './list';
import type { LaunchSession } from '../model/session';

/** Lines that PageUp and PageDown go. */
const PAGE = 8;

interface IMachineProps {
  session: LaunchSession;
  form: LaunchForm;
}

/** The machine that a run takes, and a list of all others that is searched by words. */
export function Machine({ form, session }: IMachineProps): JSX.Element {
  return (
    <Field session={session} field="instance_type">
      {wiring => (
        <Picker
          wiring={wiring}
          kind={form.job_kind}
          value={form.instance_type}
          offered={session.defaults?.instances[form.job_kind] ?? []}
          onChange={value => session.set('instance_type', value)}
        />
      )}
    </Field>
  );
}

interface IPickerProps {
  wiring: Wiring;
  kind: LaunchForm['job_kind'];
  value: string;
  /** What is known before the machines were asked for. */
  offered: readonly InstanceChoice[];
  onChange: (value: string) => void;
}

function Picker(props: IPickerProps): JSX.Element {
  const { kind, offered, onChange, value, wiring } = props;
  const { model } = useSmext();
  const catalogue = React.useMemo(() => new Catalogue(model.api), [model]);
  React.useEffect(() => () => catalogue.dispose(), [catalogue]);
  useSignal(catalogue, catalogue.changed);
  const [text, setText] = React.useState<string | null>(null);
  const [open, setOpen] = React.useState(false);
  /** Where the keys are; by name, for the list may come in another order. */
  const [current, setCurrent] = React.useState<string | null>(null);
  const answer = catalogue.of(kind);
  const all = React.useMemo(
    () => answer?.machines ?? offered.map(bare),
    [answer, offered]
  );
  const shown = React.useMemo(() => listed(all, text), [all, text]);
  const at = Math.max(0, place(shown, current));
  const list = `${wiring.id}-list`;

  const close = () => {
    setOpen(false);
    setText(null);
  };
  const choose = (name: string | null) => {
    const type = shown.find(each => each.name === name);
    if (type && obstacle(type) === 'not allowed') {
      return;
    }
    close();
    if (name !== null && name !== value) {
      onChange(name);
    }
  };
  const show = () => {
    catalogue.look(kind);
    if (!open) {
      setOpen(true);
      setCurrent(value);
    }
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    const step = STEPS[event.key];
    if (step) {
      event.preventDefault();
      if (open) {
        const next = Math.max(0, Math.min(shown.length - 1, at + step));
        setCurrent(shown[next]?.name ?? null);
      } else {
        show();
      }
    } else if (event.key === 'Enter' && open) {
      event.preventDefault();
      choose(shown[at]?.name ?? null);
    } else if (event.key === 'Escape' && open) {
      event.stopPropagation();
      close();
    }
  };
  return (
    <div className="smext-Machine">
      <div className="smext-Input smext-Machine-line">
        <input
          id={wiring.id}
          role="combobox"
          aria-expanded={open}
          aria-controls={list}
          aria-autocomplete="list"
          aria-describedby={`${wiring.id}-has ${wiring.describedBy}`}
          aria-invalid={wiring.invalid}
          aria-activedescendant={
            open && shown[at] ? `${list}-${at}` : undefined
          }
          autoComplete="off"
          disabled={wiring.disabled}
          spellCheck={false}
          value={text ?? value}
          onChange={event => {
            show();
            setText(event.target.value);
            setCurrent(null);
          }}
          onClick={event => {
            show();
            event.currentTarget.select();
          }}
          onKeyDown={onKeyDown}
          onBlur={() => {
            // Words that were looked for are no name.
            choose(text === null ? null : typed(text, all));
            close();
          }}
        />
        <Has
          id={`${wiring.id}-has`}
          type={answer?.machines[place(answer.machines, value)]}
          choice={offered.find(each => each.name === value)}
        />
      </div>
      {open && (
        <MachineList
          id={list}
          catalogue={catalogue}
          answer={answer}
          shown={shown}
          all={all.length}
          at={at}
          value={value}
          onPick={choose}
        />
      )}
    </div>
  );
}

const STEPS: Record<string, number> = {
  ArrowDown: 1,
  ArrowUp: -1,
  PageDown: PAGE,
  PageUp: -PAGE
};

/** What the chosen machine has and costs. */
function Has(props: {
  id: string;
  type?: Type;
  choice?: InstanceChoice;
}): JSX.Element {
  const { trans } = useSmext();
  const { choice, type } = props;
  const has = type ? figures(type, trans) : (choice?.about ?? '');
  const usd = type?.usd_per_hour ?? choice?.usd_per_hour ?? null;
  const price = usd === null ? trans.__('no price') : rate(usd);
  const text = [has, price].filter(Boolean).join(' · ');
  return (
    <span id={props.id} className="smext-Machine-has smext-num" title={text}>
      {text}
    </span>
  );
}

function figures(type: Type, trans: TranslationBundle): string {
  const { memory_gib, vcpus } = type;
  const gpus = ofGpus(type);
  return [
    vcpus === null ? '' : trans.__('%1 vCPU', vcpus),
    memory_gib === null ? '' : gib(memory_gib),
    `${gpus.count} ${gpus.memory}`.trim()
  ]
    .filter(Boolean)
    .join(' · ');
}

/** What fits the words, and at the end a type that nobody knows, as it was typed. */
function listed(all: readonly Type[], text: string | null): Type[] {
  const fitting = found(all, text ?? '');
  const name = text === null ? null : typed(text, all);
  return name !== null && place(all, name) < 0
    ? [...fitting, bare({ name, usd_per_hour: null, about: '' })]
    : fitting;
}

function place(types: readonly Type[], name: string | null): number {
  return types.findIndex(type => type.name === name);
}

/** As long as no more is known of a type. */
function bare({ name, usd_per_hour }: InstanceChoice): Type {
  return {
    name,
    usd_per_hour,
    vcpus: null,
    memory_gib: null,
    gpus: null,
    gpu: '',
    gpu_memory_gib: null,
    quota: null,
    in_use: null,
    offered: null,
    allowed: true
  };
}
