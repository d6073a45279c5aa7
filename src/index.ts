import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';

/** The panel, its commands and its status bar item. */
const plugin: JupyterFrontEndPlugin<void> = {
  id: 'smext:plugin',
  description: 'SageMaker jobs from the open notebook, and what bills.',
  autoStart: true,
  activate: (_app: JupyterFrontEnd): void => undefined
};

export default plugin;
