import '@fontsource/inter/400.css';
import '@fontsource/inter/500.css';
import '@fontsource/inter/600.css';
import '@mantine/core/styles.css';
import '@mantine/core/styles/default-css-variables.css';
import 'uplot/dist/uPlot.min.css';
import './theme/global.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/App.tsx';
import { transportOpener } from './link/open-transport.ts';
import { createRoom } from './room/create-room.ts';
import { applyTokens } from './theme/apply-tokens.ts';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no element #root');
applyTokens(document.documentElement);
// Before anything is drawn: the desktop shell may hand over its port as soon as the page has loaded.
const room = createRoom(transportOpener(window), window.localStorage);
createRoot(root).render(
  <StrictMode>
    <App room={room} />
  </StrictMode>,
);
