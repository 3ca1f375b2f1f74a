// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.sdp;

import java.util.List;

/**
 * A line of a session description, {@code TYPE=VALUE}.
 *
 * @param number from 1
 * @param type one of {@value #TYPES}
 * @param value without the blanks at its end
 */
record SdpLine(int number, char type, String value) {
    /** Those of RFC 8866 §5; a description with any other is to be rejected as a whole. */
    private static final String TYPES = "vosiuepcbtrzkam";

    private static final int LONGEST_QUOTED = 60;

    /** @throws IllegalArgumentException when it is no line of SDP */
    static SdpLine of(int number, String text) {
        if (text.length() < 2 || text.charAt(1) != '=') {
            throw refusal(number, quoted(text) + " is not TYPE=VALUE, as each line of a session description");
        }
        char type = text.charAt(0);
        if (TYPES.indexOf(type) < 0) {
            throw refusal(number, quoted(text) + ": SDP has no lines of type " + type);
        }
        return new SdpLine(number, type, text.substring(2).stripTrailing());
    }

    /** Of {@code a=NAME} or {@code a=NAME:VALUE}: whether it has this name. */
    boolean isAttribute(String name) {
        return type == 'a' && (value.equals(name) || value.startsWith(name + ":"));
    }

    /** Of {@code a=NAME:VALUE}: what stands behind the name; empty when nothing does. */
    String attributeValue() {
        int colon = value.indexOf(':');
        return colon < 0 ? "" : value.substring(colon + 1).strip();
    }

    /** What stands between blanks in a text. */
    static List<String> words(String text) {
        return List.of(text.strip().split("\\s+"));
    }

    /** Why the description is not accepted; its message begins with the number of this line. */
    IllegalArgumentException refusal(String reason) {
        return refusal(number, reason);
    }

    /** As above, when the line does not have the form that it should have. */
    IllegalArgumentException malformed(String form) {
        return refusal(quoted(toString()) + " is not " + form);
    }

    private static IllegalArgumentException refusal(int number, String reason) {
        return new IllegalArgumentException("line " + number + ": " + reason);
    }

    private static String quoted(String text) {
        return "'" + (text.length() > LONGEST_QUOTED ? text.substring(0, LONGEST_QUOTED) + "..." : text) + "'";
    }

    /** As it stands in the file. */
    @Override
    public String toString() {
        return type + "=" + value;
    }
}
