export { type PageInput, renderPage } from './pages/page.ts';
