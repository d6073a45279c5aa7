import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { IStateDB } from '@jupyterlab/statedb';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { SmextApi } from '../api';
import { SmextModel } from '../model';
import { Preferences } from '../preferences';
import { ISmext } from '../tokens';
import { Whose } from '../ownership';

const TARGET = 'smext:target';

/** Reads the account for all the others; the settings hang on its id. */
export const modelPlugin: JupyterFrontEndPlugin<ISmext> = {
  id: 'smext:plugin',
  description: 'Knows what runs and what bills in the SageMaker account.',
  autoStart: true,
  provides: ISmext,
  optional: [ISettingRegistry, IStateDB, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    settings: ISettingRegistry | null,
    states: IStateDB | null,
    translator: ITranslator | null
  ): ISmext => {
    const { events, serverSettings } = app.serviceManager;
    const model = new SmextModel(new SmextApi(serverSettings), events);
    const preferences = new Preferences();
    void settings
      ?.load(modelPlugin.id)
      .then(loaded => preferences.follow(loaded))
      .catch(reason => console.error('smext: no settings', reason));
    void startAt(model, states);
    return {
      model,
      preferences,
      whose: new Whose(states),
      trans: (translator ?? nullTranslator).load('smext'),
      commands: app.commands
    };
  }
};

/** Start with the account that was looked at last. */
async function startAt(
  model: SmextModel,
  states: IStateDB | null
): Promise<void> {
  const saved = await states?.fetch(TARGET).catch(() => undefined);
  if (typeof saved === 'string') {
    model.api.target = saved;
  }
  let kept = model.api.target;
  model.stateChanged.connect(() => {
    if (model.api.target !== kept) {
      kept = model.api.target;
      void states?.save(TARGET, kept);
    }
  });
  model.start();
}
