import * as React from 'react';
import type { LaunchForm, LaunchOption } from '../../generated';
import { Draft, Field, Switch, TextInput } from './field';
import type { Wiring } from './field';
import { bounded, lines, listed, separated } from '../model/text-values';
import type { LaunchSession } from '../model/session';

interface IOptionProps {
  session: LaunchSession;
  form: LaunchForm;
  option: LaunchOption;
}

/** A control by what the table of options says of its member alone. */
export function OptionControl(props: IOptionProps): JSX.Element | null {
  const { form, option, session } = props;
  const field = option.member as keyof LaunchForm;
  const value: unknown = form[field];
  const set = (next: unknown) => session.set(field, next as never);
  const silent = option.at_fault && !value && !session.faultAt(field);
  if (option.control === 'own' || silent) {
    return null;
  }
  if (option.control === 'checkbox') {
    return (
      <Switch
        session={session}
        field={field}
        checked={value === true}
        onChange={set}
      />
    );
  }
  const control = (wiring: Wiring) => {
    const shared = { session, field, wiring, onValue: set };
    switch (option.control) {
      case 'number':
        return (
          <Draft<number>
            {...shared}
            text={String(value)}
            read={text =>
              bounded(
                text,
                option.low ?? 0,
                option.high ?? Number.MAX_SAFE_INTEGER
              )
            }
            write={String}
            suffix={option.unit || undefined}
            numeric
          />
        );
      case 'ids':
      case 'lines': {
        const list = value as string[];
        const isLines = option.control === 'lines';
        return (
          <Draft<string[]>
            {...shared}
            text={listed(list)}
            read={text => ({
              ok: true,
              value: isLines ? lines(text) : separated(text)
            })}
            write={listed}
            lines={
              isLines
                ? Math.min(6, list.length + 1)
                : Math.min(5, Math.max(2, list.length))
            }
          />
        );
      }
      default:
        return (
          <TextInput wiring={wiring} value={String(value)} onChange={set} />
        );
    }
  };
  return (
    <Field session={session} field={field}>
      {control}
    </Field>
  );
}
