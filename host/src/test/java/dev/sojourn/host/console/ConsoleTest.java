package dev.sojourn.host.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sojourn.host.Daemon;
import dev.sojourn.host.HostLimits;
import dev.sojourn.host.StateFolder;
import dev.sojourn.host.box.FakeOccupants;
import dev.sojourn.host.client.HostClient;
import dev.sojourn.host.command.CreationJson;
import dev.sojourn.host.command.Fields;
import dev.sojourn.host.command.HostCommand;
import dev.sojourn.host.command.SandboxName;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** The web console in a real browser, where there is one. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ConsoleTest {
    @TempDir(cleanup = CleanupMode.NEVER) private Path folder;
    private Daemon daemon;
    private HostClient client;
    private Browser browser;

    @BeforeEach void start() throws Exception {
        assumeTrue(Browser.program().isPresent(), "no Chromium");
        daemon = new Daemon(new StateFolder(folder.resolve("state")),
                new Daemon.Settings("9", 0, false, Optional.empty(), new HostLimits(5, 1 << 30, 100),
                        FakeOccupants.KEY), new FakeOccupants());
        client = new HostClient(daemon.address());
        browser = new Browser(Browser.program().get(), folder.resolve("profile"));
    }

    @AfterEach void end() {
        if (browser != null) browser.close();
        if (daemon != null) daemon.close();
    }

    @Test void sandboxIsWatchedTypedIntoAndSteered() throws Exception {
        create("web", "[\"copy\"]");
        browser.open(client.console());
        browser.await(row("web") + ".cells[1].textContent === 'running'");
        assertEquals("", browser.evaluate("location.hash").getAsString());
        browser.evaluate(row("web") + ".click()");
        browser.await("document.querySelector('.xterm-helper-textarea')");
        browser.await("chosen.isLive()");
        browser.evaluate("document.querySelector('.xterm-helper-textarea').focus()");
        browser.type("typed here");
        browser.await("document.querySelector('.xterm-rows').innerText.includes('typed here')");
        click("pause");
        browser.await("document.getElementById('state').textContent === 'paused'");
        click("resume");
        browser.await("document.getElementById('state').textContent === 'running'");
        click("clone");
        browser.await(row("web-1"));
        browser.await("chosen.cpu.length > 1");
        client.carryOut(new HostCommand.Stop(new SandboxName("web"), java.time.Duration.ZERO));
        browser.await("document.getElementById('state').textContent === 'ended'");
        click("remove");
        browser.await("!" + row("web"));
    }

    @Test void whatComesFromOutsideIsTextOnly() throws Exception {
        create("web", "[\"sleep\", \"<img src=x onerror='window.broken=1'>\"]");
        browser.open(client.console());
        browser.await(row("web"));
        assertEquals("sleep <img src=x onerror='window.broken=1'>", browser.evaluate(row("web") + ".cells[5].textContent").getAsString());
        assertEquals(0, browser.evaluate("document.images.length").getAsInt());
    }

    @Test void withoutTheTokenThereIsASentence() {
        browser.open(java.net.URI.create("http://127.0.0.1:" + daemon.address().port() + "/"));
        browser.await("document.getElementById('complaint').textContent.startsWith('The token is missing or wrong')");
    }

    private void click(String id) { browser.evaluate("document.getElementById('" + id + "').click()"); }

    private static String row(String name) { return "document.querySelector('#rows tr[data-name=\"" + name + "\"]')"; }

    private void create(String name, String command) throws Exception {
        client.carryOut(new HostCommand.Create(Optional.of(new SandboxName(name)),
                CreationJson.read(Fields.parse("{\"command\":" + command + ",\"input\":true,\"memoryBytes\":134217728}"))));
    }
}
