import * as React from 'react';

export type Tab = {
  id: string;
  label: string;
  content: () => React.ReactNode;
};

/** Tabs that arrow keys walk through; the first is in front. */
export function Tabs(props: { label: string; tabs: Tab[] }): JSX.Element {
  const { tabs } = props;
  const base = React.useId();
  const [chosen, choose] = React.useState<string | null>(null);
  const at = Math.max(
    0,
    tabs.findIndex(tab => tab.id === chosen)
  );
  const front = tabs[at];
  const strip = React.useRef<HTMLDivElement>(null);
  const onKeyDown = (event: React.KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step) {
      const next = (at + step + tabs.length) % tabs.length;
      choose(tabs[next].id);
      strip.current?.querySelectorAll<HTMLElement>('[role=tab]')[next]?.focus();
    }
  };
  return (
    <>
      <div
        className="smext-Tabs"
        role="tablist"
        aria-label={props.label}
        ref={strip}
        onKeyDown={onKeyDown}
      >
        {tabs.map(tab => (
          <button
            key={tab.id}
            className="smext-Tab"
            id={`${base}-${tab.id}`}
            role="tab"
            aria-selected={tab === front}
            aria-controls={`${base}-panel`}
            tabIndex={tab === front ? 0 : -1}
            onClick={() => choose(tab.id)}
          >
            {tab.label}
          </button>
        ))}
      </div>
      <div
        className="smext-TabPanel"
        id={`${base}-panel`}
        role="tabpanel"
        aria-labelledby={front ? `${base}-${front.id}` : undefined}
      >
        {front?.content()}
      </div>
    </>
  );
}
