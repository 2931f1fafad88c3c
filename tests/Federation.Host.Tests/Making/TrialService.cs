using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Web;
using Federation.Domain.Hosts;
using Federation.Domain.Json;
using Xunit;

namespace Federation.Host.Tests.Making;

/// <summary>The service as an agent sees it: takes reports, and hands out orders until they are answered.</summary>
internal sealed class TrialService : HttpMessageHandler
{
    private readonly Lock gate = new();
    private readonly List<HostOrder> orders = [];
    private Guid mailbox = Guid.NewGuid();
    private readonly List<HostReport> reports = [];
    private TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Addresses that do not answer.</summary>
    public ConcurrentDictionary<string, bool> Away { get; } = [];

    /// <summary>Addresses that were asked, and the tokens that were shown.</summary>
    public ConcurrentQueue<string> Asked { get; } = [];

    /// <summary>What becomes of orders as they are written.</summary>
    public Func<string, string> Written { get; set; } = body => body;

    /// <summary>Puts orders into the mailbox.</summary>
    public void Order(params HostOrder[] more)
    {
        lock (gate)
        {
            orders.AddRange(more);
            Raise();
        }
    }

    /// <summary>Opens another mailbox, as after the loss of the one that was there.</summary>
    public void OpenAnew()
    {
        lock (gate)
        {
            mailbox = Guid.NewGuid();
            orders.Clear();
            Raise();
        }
    }

    /// <summary>The first report that holds something, of those that came or come.</summary>
    public async Task<HostReport> Report(Func<HostReport, bool> holds)
    {
        while (true)
        {
            Task next;
            lock (gate)
            {
                if (reports.Find(report => holds(report)) is { } found)
                {
                    return found;
                }

                next = changed.Task;
            }

            await next.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Forgets the reports that came.</summary>
    public void Forget()
    {
        lock (gate)
        {
            reports.Clear();
        }
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var address = request.RequestUri!;
        Asked.Enqueue($"{address.Host} {request.Headers.Authorization}");
        if (Away.ContainsKey(address.Host))
        {
            throw new HttpRequestException("connection refused");
        }

        if (address.AbsolutePath == "/v1/hosts/self/report")
        {
            var report = (await request.Content!.ReadFromJsonAsync<HostReport>(DomainJson.Options, cancellationToken))!;
            lock (gate)
            {
                reports.Add(report);
                Raise();
            }

            return new(HttpStatusCode.NoContent);
        }

        var query = HttpUtility.ParseQueryString(address.Query);
        var (asked, told) = (Guid.Parse(query["mailbox"]!), int.Parse(query["after"]!, System.Globalization.CultureInfo.InvariantCulture));
        while (true)
        {
            Task next;
            lock (gate)
            {
                var after = asked == mailbox ? told : 0;
                if (orders.Count > after || (asked != mailbox && asked != Guid.Empty))
                {
                    var handed = new HostOrders(Orders.Here.Site, Orders.Here.Host, [.. orders.Skip(after)]) { Mailbox = mailbox, Last = orders.Count };
                    return new(HttpStatusCode.OK) { Content = new StringContent(Written(JsonSerializer.Serialize(handed, DomainJson.Options))) };
                }

                next = changed.Task;
            }

            await next.WaitAsync(cancellationToken);
        }
    }

    private void Raise()
    {
        changed.SetResult();
        changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
