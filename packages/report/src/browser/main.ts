import type { ChartConfig } from '../charts/config.ts';
import { drawAll } from './drawing.ts';
import { wireFilters } from './filters.ts';

const drawings = document.getElementById('drawings')?.textContent ?? '{}';
wireFilters();
drawAll(JSON.parse(drawings) as Record<string, ChartConfig>);
