// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.doctor;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * What {@code --json} writes, in this order.
 *
 * @param interfaceName that was looked at; left out with {@code interfaces}
 * @param interfaces that could be looked at; left out with {@code interface}
 * @param problems how many findings are problems
 * @param warnings how many are warnings
 * @param unknown how many checks could not be made
 * @param findings one for each check, and for each rate
 * @param absence null where AF_XDP cannot be used at all
 * @param rings one for each rate
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record DoctorReport(
        @JsonProperty("interface") String interfaceName,
        List<Candidate> interfaces,
        long problems,
        long warnings,
        long unknown,
        List<Finding> findings,
        AbsenceReport absence,
        List<RingDepth> rings) {
    /** An {@link Absence} in milliseconds. */
    record AbsenceReport(int seconds, int cpu, double spinningMs, double sleepingMs) {
        static AbsenceReport of(Absence absence) {
            return new AbsenceReport(
                    absence.seconds(), absence.cpu(), absence.spinningNs() / 1e6, absence.sleepingNs() / 1e6);
        }
    }

    /** Counts the findings by their verdicts. */
    DoctorReport(
            String interfaceName,
            List<Candidate> interfaces,
            List<Finding> findings,
            Absence absence,
            List<RingDepth> rings) {
        this(
                interfaceName,
                interfaces,
                count(findings, Verdict.PROBLEM),
                count(findings, Verdict.WARNING),
                count(findings, Verdict.UNKNOWN),
                findings,
                absence == null ? null : AbsenceReport.of(absence),
                rings);
    }

    private static long count(List<Finding> findings, Verdict verdict) {
        return findings.stream().filter(finding -> finding.verdict() == verdict).count();
    }
}
