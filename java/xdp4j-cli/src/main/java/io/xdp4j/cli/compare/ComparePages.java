// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.compare;

import io.xdp4j.cli.page.Page;

/** What the pages of all modes have. */
final class ComparePages {
    private ComparePages() {}

    /** Says so where not all was measured that was asked for. */
    static void addIncomplete(Page page, boolean complete) {
        if (!complete) {
            page.paragraph("The run ended before it was complete: what is here is of the part that was done.");
        }
    }
}
