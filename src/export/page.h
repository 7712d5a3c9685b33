/* SPDX-License-Identifier: ISC
 *
 * The style sheet and the script of the page, from page.css and page.js, and the Content-Security-Policy that names
 * their digests. page.sh writes them when the program is built.
 */
#ifndef EXPORT_PAGE_H
#define EXPORT_PAGE_H

extern const char page_style[];
extern const char page_script[];
extern const char page_policy[];

#endif
