// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.page;

import java.io.IOException;
import java.io.StringReader;
import java.util.Properties;

/**
 * The library that draws: Apache ECharts, the build of it with lines, bars and dots.
 *
 * @param name with its version
 * @param script all of it
 * @param licences its own, and those of what it contains: who passes a page on passes the library on
 */
record Library(String name, String script, String licences) {
    static Library load() throws IOException {
        Properties places = new Properties();
        places.load(new StringReader(Resource.text("library.properties")));
        String echarts = "/" + places.getProperty("echarts");
        String zrender = "/" + places.getProperty("zrender");
        return new Library(
                "Apache ECharts " + places.getProperty("version"),
                Resource.text(echarts + "/dist/echarts.common.min.js"),
                String.join(
                        "\n\n",
                        Resource.text(echarts + "/NOTICE").strip(),
                        Resource.text(echarts + "/LICENSE").strip(),
                        "/licenses/LICENSE-d3:\n\n" + Resource.text(echarts + "/licenses/LICENSE-d3").strip(),
                        "ZRender, which draws for Apache ECharts:\n\n" + Resource.text(zrender + "/LICENSE").strip()));
    }
}
