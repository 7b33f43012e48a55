/*
 * HTML that is safe whatever the texts say: escaping, and the head of a page
 * that may load nothing and run nothing.
 */
#ifndef BASE_HTML_H
#define BASE_HTML_H

#include "base/buf.h"
#include "base/str.h"

/*
 * Text for the content of an element or for an attribute in quotes: & < > " ' become references;
 * control characters (tab and line ends excepted) and bytes that are no UTF-8 become U+FFFD.
 * All other characters stay, those that turn the direction of writing too: where a text is not
 * the tool's own, put <bdi> around it.
 */
void html_put_text(struct buf *out, struct str s);

/*
 * From the doctype to </head>: language English, the title (escaped), the style sheet `style`
 * (the tool's own, without "</") and a content security policy that allows nothing but this very
 * style sheet, by its hash. The caller goes on with <body>.
 */
void html_put_head(struct buf *out, struct str title, const char *style);

#endif
