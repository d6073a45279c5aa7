import * as React from 'react';
import type { Problem } from '../generated';
import { useSmext } from './hooks';

/** What is wrong and what to do, where there is room for it. */
export function ProblemNote(props: {
  problem: Problem;
  level?: 'bad' | 'warn';
  children?: React.ReactNode;
}): JSX.Element {
  const { trans } = useSmext();
  const { problem, level = 'bad' } = props;
  return (
    <div className={`smext-Note smext-mod-${level}`} role="alert">
      <p>{problem.message}</p>
      {problem.advice && <p>{withCode(problem.advice)}</p>}
      {problem.permission && (
        <p>
          {trans.__('Permission:')} <code>{problem.permission}</code>
        </p>
      )}
      {props.children}
    </div>
  );
}

/** A problem in so few words that a header holds it. */
export function ProblemTag(props: {
  problem: Problem;
  level?: 'bad' | 'warn';
}): JSX.Element {
  const { trans } = useSmext();
  const { problem, level = 'bad' } = props;
  const text = problem.permission
    ? trans.__('needs %1', problem.permission)
    : shortly(problem, trans.__('not visible'));
  return (
    <span
      className={`smext-Tag smext-mod-${level}`}
      title={`${problem.message}\n${problem.advice}`}
    >
      {text}
    </span>
  );
}

/** The code says more than that it failed, where there is one. */
function shortly({ code }: Problem, otherwise: string): string {
  return code === 'failed' ? otherwise : code.replace(/-/g, ' ');
}

/** Text in which what stands between backticks is code. */
function withCode(text: string): React.ReactNode[] {
  return text
    .split('`')
    .map((part, index) =>
      index % 2 === 1 ? (
        <code key={index}>{part}</code>
      ) : (
        <React.Fragment key={index}>{part}</React.Fragment>
      )
    );
}
