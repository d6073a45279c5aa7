import type { JupyterFrontEndPlugin } from '@jupyterlab/application';
import { detailsPlugin } from './plugins/details';
import { endsPlugin } from './plugins/ended-runs';
import { guardPlugin } from './plugins/alerts';
import { launchPlugin } from './plugins/launch';
import { leavingPlugin } from './plugins/stopping';
import { modelPlugin } from './plugins/model';
import { panelPlugin } from './plugins/panel';
import { runningPlugin } from './plugins/running';
import { statusPlugin } from './plugins/status';
import { tablesPlugin } from './plugins/tables';

export { ISmext } from './tokens';

const plugins: JupyterFrontEndPlugin<unknown>[] = [
  modelPlugin,
  panelPlugin,
  statusPlugin,
  launchPlugin,
  detailsPlugin,
  tablesPlugin,
  endsPlugin,
  guardPlugin,
  leavingPlugin,
  runningPlugin
];

export default plugins;
