using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Federation.Api;
using Federation.Domain.Identity;
using Federation.Domain.Json;
using Federation.Sensor.Posting;
using Federation.Sensor.Spool;

namespace Federation.Sensor.Discovery;

/// <summary>Asks the service which VMs are on this sensor's host. The last answer is kept on disk, for starts without the service.</summary>
/// <param name="http">Sends; stays the caller's.</param>
/// <param name="servers">The service's addresses.</param>
/// <param name="token">The sensor's token, read for every question.</param>
/// <param name="every">How often it is asked.</param>
/// <param name="files">Where the last answer is kept.</param>
public sealed class ServiceVms(HttpClient http, ServiceAddresses servers, Func<string> token, TimeSpan every, ISpoolFiles files) : IVmSource
{
    private const string File = "service-vms.json";

    private VmListing? last;
    private string? tag;

    /// <inheritdoc/>
    public string Name => "the service";

    /// <inheritdoc/>
    public TimeSpan Every => every;

    /// <summary>What it said last, before this start; null if that is not known.</summary>
    public VmListing? Recall()
    {
        try
        {
            return files.Read(File) is { } data ? ListingOf(JsonSerializer.Deserialize<SensorVmsDocument>(data, DomainJson.Options)!) : null;
        }
        catch (Exception fault) when (fault is JsonException or FormatException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public async Task<VmListing> Ask(CancellationToken cancel)
    {
        var server = servers.Current;
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, ServiceAddresses.Below(server, "/v1/sensors/self/vms"));
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token());
            if (tag is not null)
            {
                request.Headers.TryAddWithoutValidation("If-None-Match", tag);
            }

            using var response = await http.SendAsync(request, cancel);
            if (response.StatusCode == HttpStatusCode.NotModified && last is not null)
            {
                return last;
            }

            if (!response.IsSuccessStatusCode)
            {
                servers.LeaveIfAway(server, response.StatusCode);
                throw new VmSourceException(await ProblemText.Read(response, cancel));
            }

            return await Take(response, cancel);
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException or UnauthorizedAccessException or JsonException or FormatException
            || (fault is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            servers.Leave(server);
            throw new VmSourceException($"{server}: {ProblemText.Of(fault)}", fault);
        }
    }

    private async Task<VmListing> Take(HttpResponseMessage response, CancellationToken cancel)
    {
        var data = await response.Content.ReadAsByteArrayAsync(cancel);
        last = ListingOf(JsonSerializer.Deserialize<SensorVmsDocument>(data, DomainJson.Options) ?? throw new JsonException("null"));
        tag = response.Headers.ETag?.ToString();
        files.Replace(File, data);
        return last;
    }

    private static VmListing ListingOf(SensorVmsDocument document) => new(
        [.. document.Vms.Select(vm => new LocalVm(
            new VmRef(AppId.Parse(vm.Application), new VmId(vm.Vm)), [.. vm.Addresses.Select(Address.Parse)], vm.Tap))],
        [.. document.Peers.SelectMany(peers => peers.Addresses.Select(address => new PeerAddress(AppId.Parse(peers.Application), Address.Parse(address))))]);
}
