import { useVirtualizer } from '@tanstack/react-virtual';
import * as React from 'react';
import type { LogLine } from '../generated';
import { CopyButton } from '../components/copy';
import { useSignal, useSmext } from '../components/hooks';
import { ProblemNote } from '../components/problem';
import type { ItemSession } from './session';

const LINE_HEIGHT = 18;

/** The log as it grows; whoever scrolls up is left where he reads. */
export function LogView(props: { session: ItemSession }): JSX.Element {
  const { trans } = useSmext();
  const { session } = props;
  const { log, visible } = session;
  useSignal(log, log.changed);
  const [filter, setFilter] = React.useState('');
  React.useEffect(() => {
    if (visible) {
      log.start();
    }
    return () => log.stop();
  }, [log, visible]);
  const lines = React.useMemo(
    () => filterLines(log.lines, filter),
    [log.lines, filter]
  );
  return (
    <div className="smext-Log">
      <div className="smext-Log-bar">
        <input
          type="search"
          className="smext-Filter"
          aria-label={trans.__('Filter the log')}
          placeholder={trans.__('Filter the log')}
          value={filter}
          onChange={event => setFilter(event.target.value)}
        />
        <span className="smext-muted smext-num" role="status">
          {filter
            ? trans.__('%1 of %2 lines', lines.length, log.lines.length)
            : trans._n('%1 line', '%1 lines', lines.length)}
          {' · '}
          {log.ended ? trans.__('ended') : trans.__('following')}
        </span>
        <CopyButton
          text={() => lines.map(line => line.text).join('\n')}
          label={trans.__('Copy the log')}
        />
      </div>
      {log.problem && <ProblemNote problem={log.problem} level="warn" />}
      {log.dropped > 0 && (
        <p className="smext-muted">
          {trans.__('%1 older lines are not kept here.', log.dropped)}
        </p>
      )}
      {log.ready && lines.length === 0 && (
        <p className="smext-muted">
          {filter
            ? trans.__('No line fits the filter.')
            : log.ended
              ? trans.__('The log is empty.')
              : trans.__('Nothing is logged yet.')}
        </p>
      )}
      <Lines lines={lines} />
    </div>
  );
}

function Lines(props: { lines: readonly LogLine[] }): JSX.Element {
  const { trans } = useSmext();
  const { lines } = props;
  const box = React.useRef<HTMLDivElement>(null);
  const [following, setFollowing] = React.useState(true);
  const virtual = useVirtualizer({
    count: lines.length,
    estimateSize: () => LINE_HEIGHT,
    getScrollElement: () => box.current,
    overscan: 20
  });
  React.useLayoutEffect(() => {
    if (following && box.current) {
      box.current.scrollTop = box.current.scrollHeight;
    }
  }, [lines, following]);
  const onScroll = () => {
    const node = box.current;
    if (node) {
      const rest = node.scrollHeight - node.scrollTop - node.clientHeight;
      setFollowing(rest < LINE_HEIGHT * 2);
    }
  };
  return (
    <div className="smext-Log-frame">
      <div
        ref={box}
        className="smext-Log-lines"
        role="log"
        aria-label={trans.__('Log')}
        tabIndex={0}
        onScroll={onScroll}
      >
        <div style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map(item => (
            <LineView
              key={item.key}
              line={lines[item.index]}
              top={item.start}
            />
          ))}
        </div>
      </div>
      {!following && (
        <button
          className="smext-Button smext-Log-follow"
          onClick={() => setFollowing(true)}
        >
          {trans.__('Go to the end')}
        </button>
      )}
    </div>
  );
}

function LineView(props: { line: LogLine; top: number }): JSX.Element {
  const { line, top } = props;
  const at = line.time ? new Date(line.time) : null;
  return (
    <div
      className="smext-Log-line"
      style={{ transform: `translateY(${top}px)` }}
      title={[line.time, line.stream].filter(Boolean).join(' ')}
    >
      {at && (
        <span className="smext-Log-time">
          {at.toLocaleTimeString(undefined, { hourCycle: 'h23' })}{' '}
        </span>
      )}
      {line.text}
    </div>
  );
}

function filterLines(
  lines: readonly LogLine[],
  filter: string
): readonly LogLine[] {
  const text = filter.trim().toLowerCase();
  return text
    ? lines.filter(line => line.text.toLowerCase().includes(text))
    : lines;
}
