import { createRoot } from 'react-dom/client';
import { App } from './App.js';
import './styles/base.css';
import './styles/gallery.css';

createRoot(document.getElementById('app')!).render(<App />);
