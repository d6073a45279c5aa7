import * as React from 'react';
import type { LaunchForm } from '../../generated';
import { useSmext } from '../../components/hooks';
import { Draft, Field, Switch, TextInput } from './field';
import { listed, separated } from '../model/text-values';
import { Section } from './section';
import type { LaunchSession } from '../model/session';

interface INetworkProps {
  session: LaunchSession;
  form: LaunchForm;
}

/** The network that the run is in, and the key for what it leaves. */
export function Network(props: INetworkProps): JSX.Element {
  const { trans } = useSmext();
  const { form, session } = props;
  return (
    <Section
      session={session}
      name="network"
      label={trans.__('Network and keys')}
    >
      <div className="smext-Two smext-mod-fit">
        <Ids {...props} field="subnets" label={trans.__('Subnets')} />
        <Ids
          {...props}
          field="security_groups"
          label={trans.__('Security groups')}
        />
      </div>
      <Switch
        session={session}
        field="network_isolation"
        label={trans.__('Isolate from all networks')}
        hint={trans.__('The run reaches nothing but its inputs and outputs.')}
        checked={form.network_isolation}
        onChange={isolated => session.set('network_isolation', isolated)}
      />
      <Field
        session={session}
        field="kms_key"
        label={trans.__('KMS key')}
        hint={trans.__('For its outputs in S3 and its disks: id or ARN.')}
      >
        {wiring => (
          <TextInput
            wiring={wiring}
            value={form.kms_key}
            onChange={text => session.set('kms_key', text)}
          />
        )}
      </Field>
    </Section>
  );
}

function Ids(
  props: INetworkProps & {
    field: 'subnets' | 'security_groups';
    label: string;
  }
): JSX.Element {
  const { trans } = useSmext();
  const { field, form, label, session } = props;
  return (
    <Field
      session={session}
      field={field}
      label={label}
      hint={trans.__('With commas or lines between them.')}
    >
      {wiring => (
        <Draft<string[]>
          session={session}
          field={field}
          wiring={wiring}
          text={listed(form[field])}
          read={text => ({ ok: true, value: separated(text) })}
          write={listed}
          onValue={value => session.set(field, value)}
          lines={Math.min(5, Math.max(2, form[field].length))}
        />
      )}
    </Field>
  );
}
