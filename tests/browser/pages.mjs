// pages.mjs CHROMIUM OUT PAGE...: each page in a browser, narrow and wide, light and dark: nothing
// is loaded, run or logged, nobody is shut out (axe-core), texts stay texts. Screenshots in OUT.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const [executablePath, out, ...pages] = process.argv.slice(2);
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
let failures = 0;

function say(findings, name) {
    console.log(`${findings.length === 0 ? 'ok' : 'not ok'} ${name}`);
    for (const line of findings) console.log(`    ${line}`);
    failures += findings.length > 0;
}

// What may be in a page; anything else came out of a text.
const tags = ('html head meta title style body header main footer section h1 h2 p ul li dl dt dd div span '
    + 'strong bdi time figure figcaption details summary table caption thead tbody tr th td '
    + 'svg path rect').split(' ');

// Runs in the page.
function inspect(tags) {
    const found = [];
    for (const element of document.querySelectorAll('*')) {
        if (!tags.includes(element.localName)) found.push(`element ${element.localName}`);
        for (const { name } of element.attributes)
            if (/^on|^(src|href|style|srcset|action)$/.test(name)) found.push(`attribute ${name}`);
    }
    if (document.scripts.length > 0) found.push('a script');
    if (document.documentElement.scrollWidth > window.innerWidth)
        found.push(`${document.documentElement.scrollWidth} wide in ${window.innerWidth}`);
    if (getComputedStyle(document.body).maxWidth === 'none') found.push('the style sheet is not applied');
    // a column is never so narrow that words break
    for (const cell of document.querySelectorAll('th, td')) {
        const range = document.createRange();

        range.selectNodeContents(cell);
        if (/^\w{1,16}$/.test(cell.textContent)
            && new Set([...range.getClientRects()].map(r => Math.round(r.top))).size > 1)
            found.push(`broken: ${cell.textContent}`);
    }
    // each bar of a day is a number of the table below it
    const drawn = [...document.querySelectorAll('svg.days title')].map(t => Number(t.textContent.split(': ')[1]));
    const listed = [...document.querySelectorAll('details td')].map(t => Number(t.textContent)).filter(n => n > 0);
    if (drawn.join() !== listed.join()) found.push(`drawn ${drawn}, listed ${listed}`);
    return found;
}

const patience = 120_000; // of a busy machine
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'], timeout: patience });
try {
    for (const file of pages)
        for (const width of [360, 1280])
            for (const colorScheme of ['light', 'dark']) {
                const name = `${basename(file, '.html')}-${width}-${colorScheme}`;
                const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme });
                context.setDefaultTimeout(patience);
                const page = await context.newPage();
                const url = pathToFileURL(file).href, noise = [];

                page.on('console', m => noise.push(`console: ${m.text()}`));
                page.on('pageerror', e => noise.push(`error: ${e}`));
                page.on('dialog', d => { noise.push('a dialog'); d.dismiss(); });
                page.on('request', r => { if (r.url() !== url) noise.push(`request: ${r.url().slice(0, 99)}`); });
                await page.goto(url);
                say([...await page.evaluate(inspect, tags), ...noise], `page ${name}: nothing but texts`);
                await page.screenshot({ path: `${out}/${name}.png`, fullPage: true });
                await page.evaluate(() => { for (const d of document.querySelectorAll('details')) d.open = true; });
                await page.evaluate(axe);
                const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
                say(violations.flatMap(v => v.nodes.map(n => `${v.id}: ${n.html.slice(0, 120)}`)), `page ${name}: accessible`);
                await context.close();
            }
    for (const file of pages) {
        const page = await browser.newPage();

        page.setDefaultTimeout(patience);
        await page.emulateMedia({ media: 'print' });
        await page.goto(pathToFileURL(file).href);
        const hidden = await page.evaluate(() => [...document.querySelectorAll('details table')]
            .filter(t => !t.checkVisibility({ contentVisibilityAuto: true }) || t.getBoundingClientRect().height === 0).length);
        say(hidden === 0 ? [] : [`${hidden} tables are hidden`], `page ${basename(file, '.html')}: all numbers are printed`);
        await page.pdf({ path: `${out}/${basename(file, '.html')}.pdf`, format: 'A4' });
        await page.close();
    }
} finally {
    await browser.close();
}
process.exit(failures > 0 ? 1 : 0);
