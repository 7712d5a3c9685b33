/* SPDX-License-Identifier: ISC
 *
 * The law, as one table: the rules in the order in which they are tried; the first whose test holds decides. Every
 * citation of a verdict stands here. How a fact is found out must not enter: that is decide.c and its callers.
 */
#ifndef LIB_RULES_H
#define LIB_RULES_H

/* 47 CFR 64.6305(g)(1)-(4): what a filing must say for each role of the upstream, and the paragraph that asks it. In
 * the order of enum rmd_role.
 *
 *      role                   the columns, one of which must say Yes (0: any)  paragraph */
#define ROLE_RULES(ROLE)                                                                                             \
	ROLE(RMD_ROLE_NONE, 0, "47 CFR 64.6305(g)(1)")                                                               \
	ROLE(RMD_ROLE_VSP, 1u << RMD_ROLE_VSP, "47 CFR 64.6305(g)(1)")                                               \
	ROLE(RMD_ROLE_GATEWAY, 1u << RMD_ROLE_GATEWAY, "47 CFR 64.6305(g)(3)")                                       \
	ROLE(RMD_ROLE_INTERMEDIATE, 1u << RMD_ROLE_INTERMEDIATE, "47 CFR 64.6305(g)(4)")                             \
	ROLE(RMD_ROLE_FOREIGN, 1u << RMD_ROLE_VSP, "47 CFR 64.6305(g)(2)")

/* The paragraph of the upstream's role; only decide.c expands it. */
#define BY_ROLE role_rules[question->role].citation

/* RULE(step, test, verdict, reason, word, citation, since when the deciding fact holds, sentence for a person).
 * Tests see the `question` as it was put and the `findings` of decide.c. */
#define RULES(RULE)                                                                                                  \
	RULE(1, question->emergency_call, RMD_ACCEPT, RMD_REASON_EMERGENCY_CALL, "emergency-call",                   \
	     "47 CFR 64.6305(g)(5)", RMD_TIME_NONE, "A call to 911 is never blocked, whoever hands it over.")        \
	RULE(2, question->public_safety_caller, RMD_ACCEPT, RMD_REASON_PUBLIC_SAFETY_CALLER, "public-safety-caller", \
	     "47 CFR 64.6305(g)(5), 64.1200(k)(5)-(6)", RMD_TIME_NONE,                                               \
	     "The caller is on the operator's list of public safety numbers, whose calls are not blocked.")          \
	RULE(3, !question->has_data, RMD_UNKNOWN, RMD_REASON_NO_DATA, "no-data", "47 CFR 64.6305(g)", RMD_TIME_NONE, \
	     "There is no snapshot of the database, or it is damaged.")                                              \
	RULE(4, question->key == KEY_BAD, RMD_UNKNOWN, RMD_REASON_BAD_KEY, "bad-key", "47 CFR 64.6305(g)",           \
	     RMD_TIME_NONE, "The provider that was asked for is not written as any key is.")                         \
	RULE(4, question->key == KEY_NO_SUCH_NAME, RMD_UNKNOWN, RMD_REASON_NO_SUCH_NAME, "no-such-name",             \
	     "47 CFR 64.6305(g)", RMD_TIME_NONE,                                                                     \
	     "No filing has exactly this name; that does not show that the provider has none.")                      \
	RULE(4, question->key == KEY_NO_SUCH_PEER, RMD_UNKNOWN, RMD_REASON_NO_SUCH_PEER, "no-such-peer",             \
	     "47 CFR 64.6305(g)", RMD_TIME_NONE,                                                                     \
	     "The operator's list of peers has no such name, address, trunk or OCN.")                                \
	RULE(4, question->key == KEY_AMBIGUOUS, RMD_UNKNOWN, RMD_REASON_AMBIGUOUS, "ambiguous", "47 CFR 64.6305(g)", \
	     RMD_TIME_NONE, "Several providers go by this name; ask by FRN.")                                        \
	RULE(5, findings->blocking.document != NULL, RMD_REFUSE, RMD_REASON_BLOCKING_ORDER, "blocking-order",        \
	     "47 CFR 64.1200(n)(2)(iii), (n)(3)", findings->blocking.since,                                          \
	     "A final determination order of the FCC obliges every provider to block this one.")                     \
	RULE(6, findings->removal.document != NULL, RMD_REFUSE, RMD_REASON_REMOVED_BY_ORDER, "removed-by-order",     \
	     BY_ROLE, findings->removal.since, "An order of the FCC has removed this provider from the database.")   \
	RULE(7, findings->before_history, RMD_UNKNOWN, RMD_REASON_BEFORE_HISTORY, "before-history",                  \
	     "47 CFR 64.6305(g)", RMD_TIME_NONE, "The instant asked for lies before the first snapshot.")            \
	RULE(7, findings->stale, RMD_UNKNOWN, RMD_REASON_STALE, "stale", "47 CFR 64.6305(g)", RMD_TIME_NONE,         \
	     "The last good check of the database is older than the operator allows.")                               \
	RULE(8, question->role == RMD_ROLE_FOREIGN && question->caller == CALLER_NOT_US, RMD_ACCEPT,                 \
	     RMD_REASON_RULE_NOT_APPLICABLE, "rule-not-applicable", BY_ROLE, RMD_TIME_NONE,                          \
	     "From a foreign provider, the rule covers only calls with a US number as caller ID.")                   \
	RULE(9,                                                                                                      \
	     findings->standing == STANDING_NO_FILING && question->provider.known &&                                 \
		     findings->missing_for < question->policy.missing_grace,                                         \
	     RMD_UNKNOWN, RMD_REASON_MISSING_UNCONFIRMED, "missing-unconfirmed", "47 CFR 64.6305(g)",                \
	     question->provider.missing_since,                                                                       \
	     "The filing has vanished from the database; the operator's grace has not yet passed.")                  \
	RULE(9, findings->standing == STANDING_NO_FILING && question->provider.known, RMD_REFUSE,                    \
	     RMD_REASON_DELISTED, "delisted", BY_ROLE, question->provider.missing_since,                             \
	     "The provider had a filing, and the database no longer has it.")                                        \
	RULE(10, findings->standing == STANDING_NO_FILING && question->provider.alias, RMD_UNKNOWN,                  \
	     RMD_REASON_ALIAS_ONLY, "alias-only", "47 CFR 64.6305(g)", RMD_TIME_NONE,                                \
	     "This FRN has no filing; another provider's filing names it among its other FRNs.")                     \
	RULE(11, findings->standing == STANDING_NO_FILING && question->provider.key_quarantined, RMD_UNKNOWN,        \
	     RMD_REASON_ROW_QUARANTINED, "row-quarantined", "47 CFR 64.6305(g)", RMD_TIME_NONE,                      \
	     "The database has a row with this key that could not be understood.")                                   \
	RULE(11, findings->standing == STANDING_NO_FILING, RMD_REFUSE, RMD_REASON_NOT_LISTED, "not-listed", BY_ROLE, \
	     RMD_TIME_NONE, "The provider has no filing in the database and is not known to have had one.")          \
	RULE(12, findings->standing == STANDING_NOT_CERTIFIED, RMD_REFUSE, RMD_REASON_NOT_CERTIFIED,                 \
	     "not-certified", BY_ROLE, RMD_TIME_NONE,                                                                \
	     "The provider is listed without a certification: its row was imported from an older registry.")         \
	RULE(13, findings->standing == STANDING_OTHER_ROLE && !question->policy.role_mismatch_accepted, RMD_REFUSE,  \
	     RMD_REASON_ROLE_MISMATCH, "role-mismatch", BY_ROLE, RMD_TIME_NONE,                                      \
	     "The provider has certified, but not in the role in which it hands over calls.")                        \
	RULE(14, findings->pending.document != NULL, RMD_MAY_BLOCK, RMD_REASON_FINAL_DETERMINATION_PENDING,          \
	     "final-determination-pending", "47 CFR 64.1200(k)(4), (n)(2)(iii), (n)(3)", findings->pending.since,    \
	     "A final determination order of the FCC is out; blocking is allowed now and obligatory soon.")          \
	RULE(14, findings->matured.document != NULL, RMD_MAY_BLOCK, RMD_REASON_NOTICE_MATURED, "notice-matured",     \
	     "47 CFR 64.1200(k)(4)", findings->matured.since,                                                        \
	     "The time that a notice of the FCC gave this provider has run out, or it named the provider to all; "   \
	     "blocking is allowed.")                                                                                 \
	RULE(15, true, RMD_ACCEPT, RMD_REASON_LISTED, "listed", BY_ROLE, RMD_TIME_NONE,                              \
	     "The provider has a certified filing in the database.")

/* STEP(step, question for a person): what a step asks, for whoever wants to follow the reasoning. Steps 9 to 11 are
 * asked only of a provider that has no filing. */
#define STEPS(STEP)                                                                                                  \
	STEP(1, "Is it a call to 911?")                                                                              \
	STEP(2, "Is the caller on the operator's list of public safety numbers?")                                    \
	STEP(3, "Is there no snapshot, or a damaged one?")                                                           \
	STEP(4, "Is the key malformed, or does it lead to no provider, or to several?")                              \
	STEP(5, "Is a final determination in force, 30 days after its release, and not lifted?")                     \
	STEP(6, "Is a removal order in force, and the provider not relisted since?")                                 \
	STEP(7, "Does the instant lie before the history, or is the data too old?")                                  \
	STEP(8, "Is the upstream foreign, and the caller ID no US number?")                                          \
	STEP(9, "Is there no filing now, where there was one?")                                                      \
	STEP(10, "Is there no filing but that of another provider that names this FRN?")                             \
	STEP(11, "Is there no filing, and was there never one?")                                                     \
	STEP(12, "Are all filings without a certification (N/A)?")                                                   \
	STEP(13, "Was a role given that no certified filing has?")                                                   \
	STEP(14, "Is a final determination out, or has a notice's time run out?")                                    \
	STEP(15, "Otherwise the provider is listed and certified.")

#endif
