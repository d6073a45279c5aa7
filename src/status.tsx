import { ReactWidget } from '@jupyterlab/ui-components';
import * as React from 'react';
import { rate } from './format';
import type { Summary } from './generated';
import { smextIcon } from './icons';
import { levelOf } from './panel/money';
import {
  SmextContext,
  useModelState,
  useSignal,
  useSmext
} from './components/hooks';
import type { ISmext } from './tokens';
import { Commands } from './tokens';

/** The number that leads, short, in the status bar. */
export class StatusItem extends ReactWidget {
  constructor(private _smext: ISmext) {
    super();
    this.addClass('smext-Status');
  }

  protected override render(): JSX.Element {
    return (
      <SmextContext.Provider value={this._smext}>
        <StatusView />
      </SmextContext.Provider>
    );
  }
}

function StatusView(): JSX.Element {
  const { commands, preferences, trans } = useSmext();
  useSignal(preferences, preferences.changed);
  const { connection, context, failure, summary } = useModelState();
  const unseen =
    connection === 'missing' ||
    context?.problem ||
    !summary ||
    (!summary.ready && summary.count === 0);
  const problem = failure ?? context?.problem;
  const level =
    unseen || !summary
      ? 'off'
      : levelOf(summary.usd_per_hour, preferences.thresholds);
  const tip = unseen
    ? (problem?.message ?? trans.__('SageMaker: reading the account…'))
    : summaryTip(summary, trans);
  return (
    <button
      className={`smext-Status-button smext-num smext-mod-${level}`}
      title={problem ? `${tip}\n${problem.message}` : tip}
      aria-label={tip}
      onClick={() => void commands.execute(Commands.open)}
    >
      <smextIcon.react tag="span" className="smext-Status-icon" />
      {unseen || !summary
        ? '–'
        : `${summary.at_least && summary.usd_per_hour !== null ? '≥ ' : ''}${rate(summary.usd_per_hour)} · ${summary.count}`}
      {problem && !unseen && ' !'}
    </button>
  );
}

export function summaryTip(summary: Summary, trans: ISmext['trans']): string {
  const usd = rate(summary.usd_per_hour);
  const now = trans._n(
    'SageMaker: %2 billing now, %1 thing',
    'SageMaker: %2 billing now, %1 things',
    summary.count,
    summary.usd_per_hour === null
      ? trans.__('an unknown sum')
      : summary.at_least
        ? trans.__('at least %1', usd)
        : usd
  );
  const missing = [
    summary.unpriced > 0 && trans.__('%1 without a price', summary.unpriced),
    summary.uncertain > 0 && trans.__('%1 may be billing', summary.uncertain),
    !summary.ready && trans.__('still reading'),
    ...summary.partly.map(each => trans.__('%1 not read whole', each.label)),
    ...summary.unseen.map(each => trans.__('%1 not visible', each.label))
  ].filter(Boolean);
  return [now, ...missing].join('\n');
}
