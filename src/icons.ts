import { LabIcon } from '@jupyterlab/ui-components';

const DIAMOND = `<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 24 24">
  <g class="jp-icon3 jp-icon-selectable" fill="#616161">
    <path fill-rule="evenodd" d="M12 1.5 22.5 12 12 22.5 1.5 12 12 1.5zm0 3L4.5 12l7.5 7.5 7.5-7.5L12 4.5z"/>
    <path d="M12 8.2 15.8 12 12 15.8 8.2 12z"/>
  </g>
</svg>`;

const RUN = `<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 24 24">
  <g class="jp-icon3" fill="#616161">
    <path fill-rule="evenodd" d="M12 1.5 22.5 12 12 22.5 1.5 12 12 1.5zm0 3L4.5 12l7.5 7.5 7.5-7.5L12 4.5z"/>
    <path d="M10 8.2v7.6L15.8 12z"/>
  </g>
</svg>`;

/** The panel, the status bar item, job views. */
export const smextIcon = new LabIcon({ name: 'smext:smext', svgstr: DIAMOND });

/** Run this notebook as a job. */
export const runIcon = new LabIcon({ name: 'smext:run', svgstr: RUN });
