package dev.sojourn.host;

/** Why the host did not do what it was asked; the message is one sentence, fit to be shown as it is. */
public final class HostError extends Exception {
    private static final long serialVersionUID = 1;

    /** The kinds of refusal, as programs tell them apart. A published one keeps its name and its status. */
    public enum Code {
        BAD_REQUEST("bad-request", 400),
        NO_TOKEN("no-token", 401),
        WRONG_HOST("wrong-host", 403),
        NO_SUCH_PATH("no-such-path", 404),
        NO_SUCH_SANDBOX("no-such-sandbox", 404),
        WRONG_METHOD("wrong-method", 405),
        NAME_TAKEN("name-taken", 409),
        WRONG_STATE("wrong-state", 409),
        TOO_LARGE("too-large", 413),
        CANNOT_START("cannot-start", 422),
        LIMIT_REACHED("limit-reached", 429),
        INTERNAL("internal", 500),
        HOST_FAILED("host-failed", 507);

        private final String text;
        private final int httpStatus;

        Code(String text, int httpStatus) {
            this.text = text;
            this.httpStatus = httpStatus;
        }

        public String text() { return text; }

        public int httpStatus() { return httpStatus; }
    }

    private final Code code;

    public HostError(Code code, String sentence) {
        super(sentence);
        this.code = code;
    }

    public Code code() { return code; }
}
