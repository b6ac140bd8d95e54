export { findBrowser } from '../server/find-browser.ts';
