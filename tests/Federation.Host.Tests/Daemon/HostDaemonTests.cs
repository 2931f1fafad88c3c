using Federation.Domain.Guests;
using Federation.Domain.Hosts;
using Federation.Host.Daemon;
using Federation.Host.Settings;
using Federation.Host.Tests.Making;
using Federation.Sensor.Spool;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace Federation.Host.Tests.Daemon;

public sealed class HostDaemonTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("federation-host-");
    private readonly TrialDriver driver = new();
    private readonly TrialService service = new();

    [Fact]
    public async Task What_was_ordered_is_done_and_answered_in_a_report_that_sees_it_done()
    {
        await using var agent = Start();
        service.Order(Orders.Start("a", 1, 3));

        var report = await service.Report(report => report.Answers.Any(answer => answer.Operation == "a"));

        report.Answers.ShouldBe([new HostAnswer("a", HostOutcome.Done)]);
        report.Guests.ShouldBe([new HostGuest(new(Orders.Vm(1), GuestState.Running), 3)]);
        report.Facts.ShouldBe(new HostFacts(4, 1 << 30, 2L << 30, report.Facts.Hypervisor, HostDaemon.Version, "this boot"));
        service.Asked.ShouldAllBe(asked => asked.EndsWith("Bearer secret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_answer_is_told_once_the_service_has_taken_it_no_more()
    {
        await using var agent = Start();
        service.Order(Orders.Start("a", 1, 1));
        await service.Report(report => report.Answers.Any(answer => answer.Operation == "a"));
        service.Order(Orders.Start("b", 2, 1));

        (await service.Report(report => report.Answers.Any(answer => answer.Operation == "b"))).Answers.Length.ShouldBe(1);
    }

    [Fact]
    public async Task While_the_service_is_away_answers_wait_and_what_is_told_later_is_how_it_is_then()
    {
        await using var agent = Start();
        await service.Report(_ => true);
        service.Forget();
        service.Order(Orders.Start("a", 1, 1));
        var done = new TaskCompletionSource();
        driver.Before = (_, _) =>
        {
            service.Away["first"] = service.Away["second"] = true;
            done.SetResult();
            return Task.CompletedTask;
        };
        await done.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        driver.Put(new(Orders.Vm(2), GuestState.Running));
        // One look may have begun before; the second has not, and the report of the first is on its way nowhere any more.
        await driver.Looked();
        await driver.Looked();
        service.Away.Clear();

        var report = await service.Report(report => report.Answers.Any(answer => answer.Operation == "a"));

        report.Guests.Select(guest => guest.Sighting.Vm).ShouldBe([Orders.Vm(1), Orders.Vm(2)]);
    }

    [Fact]
    public async Task Where_one_address_does_not_answer_the_next_one_is_asked()
    {
        service.Away["first"] = true;
        await using var agent = Start();
        service.Order(Orders.Start("a", 1, 1));

        await service.Report(report => report.Answers.Any(answer => answer.Operation == "a"));

        service.Asked.ShouldContain("second Bearer secret");
    }

    [Fact]
    public async Task After_a_restart_the_VMs_that_run_are_told_with_their_epochs()
    {
        await using (var agent = Start())
        {
            service.Order(Orders.Start("a", 1, 9));
            await service.Report(report => report.Answers.Any(answer => answer.Operation == "a"));
        }

        service.Forget();
        await using var again = Start();

        (await service.Report(_ => true)).Guests.ShouldBe([new HostGuest(new(Orders.Vm(1), GuestState.Running), 9)]);
    }

    [Fact]
    public async Task VMs_that_the_hypervisor_does_not_tell_of_are_silent_and_not_gone()
    {
        driver.Put(new(Orders.Vm(1), GuestState.Running));
        await using var agent = Start();
        await service.Report(report => report.Guests.Length == 1);
        driver.Blind = "libvirtd does not answer";
        driver.Put(new(Orders.Vm(1), GuestState.AtSwitch));

        var report = await service.Report(report => report.Guests is [{ Sighting.State: GuestState.Silent }]);

        report.Guests[0].Sighting.Remark.ShouldBe("libvirtd does not answer");
    }

    [Fact]
    public async Task A_change_of_a_VM_is_told_without_anything_ordered()
    {
        await using var agent = Start();
        await service.Report(_ => true);

        driver.Put(new(Orders.Vm(1), GuestState.Paused, Remark: "its disk is full"));

        (await service.Report(report => report.Guests.Length == 1)).Guests[0].Sighting.Remark.ShouldBe("its disk is full");
    }

    [Fact]
    public async Task An_order_of_a_newer_service_is_refused_and_those_beside_it_are_done()
    {
        service.Written = body => body.Replace("\"order\":\"stop\"", "\"order\":\"hibernate\"", StringComparison.Ordinal);
        await using var agent = Start();
        service.Order(Orders.Stop("new", 1, 1), Orders.Start("a", 2, 1));

        var report = await service.Report(report => report.Answers.Any(answer => answer.Operation == "a"));

        var refused = (await service.Report(report => report.Answers.Any(answer => answer.Operation == "new"))).Answers.Single(answer => answer.Operation == "new");
        refused.Outcome.ShouldBe(HostOutcome.Refused);
        refused.Reason.ShouldNotBeNull().ShouldContain("this agent is older than the service");
        report.Answers.Single(answer => answer.Operation == "a").Outcome.ShouldBe(HostOutcome.Done);
    }

    [Fact]
    public async Task The_end_of_a_console_is_told_and_what_is_typed_there_comes_back()
    {
        driver.Console = () => new EchoStream();
        await using var agent = Start();
        service.Order(new HostOrder.Log("a", Orders.Vm(1), 0, 4));
        service.Order(new HostOrder.Console("b", Orders.Vm(1), 0, [.. "ls\n"u8], 0, 5));

        var log = await service.Report(report => report.Answers.Any(answer => answer.Operation == "a"));
        var typed = await service.Report(report => report.Answers.Any(answer => answer.Operation == "b"));

        log.Answers.Single(answer => answer.Operation == "a").Console!.Bytes.ShouldBe("6789"u8.ToArray());
        var text = typed.Answers.Single(answer => answer.Operation == "b").Console!;
        (text.From, text.Next).ShouldBe((0, 3));
        text.Bytes.ShouldBe("ls\n"u8.ToArray());
    }

    [Fact]
    public async Task A_mailbox_that_was_opened_anew_is_told_at_once_how_the_host_is()
    {
        // So that no report is due because of the time.
        await using var agent = Start(new FakeTimeProvider());
        service.Order(Orders.Start("a", 1, 1));
        await service.Report(report => report.Answers.Any(answer => answer.Operation == "a"));
        service.Order(Orders.Start("b", 2, 1));
        var last = await service.Report(report => report.Answers.Any(answer => answer.Operation == "b"));

        service.OpenAnew();

        (await service.Report(report => report.Number > last.Number)).Guests.Length.ShouldBe(2);
    }

    public void Dispose()
    {
        folder.Delete(recursive: true);
        service.Dispose();
    }

    private Running Start(TimeProvider? clock = null)
    {
        var token = Path.Combine(folder.FullName, "token");
        var boot = Path.Combine(folder.FullName, "boot");
        File.WriteAllText(token, "secret\n");
        File.WriteAllText(boot, "this boot\n");
        var state = ((LockOutcome.Taken)FolderLock.Take(Path.Combine(folder.FullName, "state"), "test")).Lock;
        var settings = new HostSettings
        {
            Post = Orders.Here,
            Servers = [new("http://first/"), new("http://second/")],
            TokenFile = token,
            StateFolder = state.Folder,
            Listen = null,
            BootFile = boot,
            Size = new(4, 1 << 30, 2L << 30),
            Hypervisor = new HypervisorChoice.Simulator(new() { Directory = "", Host = "" }),
        };
        return new(new HostDaemon(settings, state, driver, clock ?? TimeProvider.System, NullLogger.Instance, handler: () => new Kept(service)), state);
    }

    // The service is the test's: an agent that ends closes its client, not the service.
    private sealed class Kept(HttpMessageHandler service) : HttpMessageHandler
    {
        private readonly HttpMessageInvoker invoker = new(service, disposeHandler: false);

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            invoker.SendAsync(request, cancellationToken);

        protected override void Dispose(bool disposing)
        {
            invoker.Dispose();
            base.Dispose(disposing);
        }
    }

    private sealed class Running : IAsyncDisposable
    {
        private readonly CancellationTokenSource stop = new();
        private readonly FolderLock state;
        private readonly Task task;

        public Running(HostDaemon daemon, FolderLock state)
        {
            this.state = state;
            task = daemon.Run(stop.Token);
        }

        public async ValueTask DisposeAsync()
        {
            await stop.CancelAsync();
            await task;
            state.Dispose();
            stop.Dispose();
        }
    }
}
