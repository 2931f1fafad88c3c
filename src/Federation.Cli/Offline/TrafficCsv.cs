using System.Globalization;
using Federation.Domain.Applications;
using Federation.Domain.Identity;
using Federation.Domain.Traffic;
using Federation.Files.Csv;
using Federation.Yaml;

namespace Federation.Cli.Offline;

/// <summary>Reads an application's traffic from CSV: <c>source,destination,packets,bytes</c>, by addresses.</summary>
/// <remarks>
/// Rows of the same pair add up. Between a VM and an address that is no VM's it is traffic with the outside, unless it stays on its link
/// (<see cref="LinkScopes"/>). Rows that count for nothing are left out and counted; that no row at all concerns a VM is a fault, since
/// it says that traffic and application do not belong together.
/// </remarks>
internal sealed class TrafficCsv
{
    private readonly Report report;
    private readonly Application? application;
    private readonly Dictionary<Address, VmId> owners;
    private readonly Dictionary<Address, string> endpoints;
    private readonly TrafficMatrixBuilder builder = new();
    private LeftOutRows leftOut;
    private int rows;

    private TrafficCsv(string file, Application? application)
    {
        report = new Report(file);
        this.application = application;
        owners = (application?.Vms ?? [])
            .SelectMany(vm => vm.Addresses.Select(address => (address, vm.Id)))
            .ToDictionary(entry => entry.address, entry => entry.Id);
        endpoints = (application?.Endpoints ?? [])
            .SelectMany(endpoint => endpoint.Addresses, (endpoint, address) => (address, endpoint.Name))
            .ToDictionary(entry => entry.address, entry => entry.Name);
    }

    /// <summary>Reads a text, and tells all of its faults at once.</summary>
    /// <param name="text">The file's text.</param>
    /// <param name="file">What to call the file in faults.</param>
    /// <param name="application">Whose VMs the addresses are; null: not known, then only the rows' form is checked.</param>
    /// <param name="period">How long the traffic was counted; more than zero.</param>
    public static Files.Checked<CsvTraffic> Read(string text, string file, Application? application, TimeSpan period)
    {
        var csv = new TrafficCsv(file, application);
        csv.ReadRows(text);
        return new(new(csv.builder.Build(period), csv.leftOut), csv.report.Faults);
    }

    private void ReadRows(string text)
    {
        var table = new CsvTable(["source", "destination", "packets", "bytes"], report) { IsRow = HasFigure };
        CsvRow? stranger = null;
        foreach (var row in table.Rows(text))
        {
            rows++;
            var before = leftOut.NoVm;
            Read(row);
            stranger = stranger is null && leftOut.NoVm > before ? row : stranger;
        }

        if (stranger is { } first && leftOut.NoVm == rows)
        {
            report.Add(first.Line, "", $"{first}", $"concerns no VM of {application!.Id}, as no row of the file does",
                "write the addresses that the application file gives its VMs");
        }
    }

    // No header has a cell that reads as an address or a number.
    private static bool HasFigure(CsvRow row) => row.Cells.Any(
        cell => Address.TryParse(cell, out _) || double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out _));

    private void Read(CsvRow row)
    {
        var before = report.Count;
        var source = ReadAddress(row, 0, "source");
        var destination = ReadAddress(row, 1, "destination");
        var flow = new Flow(ReadAmount(row, 2, "packets"), ReadAmount(row, 3, "bytes"));
        if (report.Count == before && application is not null)
        {
            Add(source, destination, flow);
        }
    }

    private void Add(Address source, Address destination, Flow flow)
    {
        switch (OwnerOf(source), OwnerOf(destination))
        {
            case ({ } from, { } to):
                builder.Add(from, to, flow);
                break;
            case (null, null):
                leftOut = leftOut with { NoVm = leftOut.NoVm + 1 };
                break;
            case ({ } from, null) when endpoints.TryGetValue(destination, out var server):
                builder.AddSentTo(server, from, flow);
                break;
            case (null, { } to) when endpoints.TryGetValue(source, out var server):
                builder.AddReceivedFrom(server, to, flow);
                break;
            case (null, _) when LinkScopes.Of(source) is not null:
            case (_, null) when LinkScopes.Of(destination) is not null:
                leftOut = leftOut with { OnLink = leftOut.OnLink + 1 };
                break;
            case ({ } from, null):
                builder.AddSentOutside(from, flow);
                break;
            case (null, { } to):
                builder.AddReceivedOutside(to, flow);
                break;
        }
    }

    private VmId? OwnerOf(Address address) => owners.TryGetValue(address, out var vm) ? vm : null;

    private Address ReadAddress(CsvRow row, int cell, string key)
    {
        if (!Address.TryParse(row.Cells[cell], out var address))
        {
            report.Add(row.Line, key, row.Cells[cell], "is no address", "write an IPv4, IPv6 or MAC address such as 10.42.0.1");
        }

        return address;
    }

    private double ReadAmount(CsvRow row, int cell, string key)
    {
        var isNumber = double.TryParse(row.Cells[cell], NumberStyles.Float, CultureInfo.InvariantCulture, out var amount);
        if (!isNumber || !double.IsFinite(amount) || amount < 0)
        {
            report.Add(row.Line, key, row.Cells[cell], "is no amount", "write a number that is not negative, without separators of thousands");
        }

        return amount;
    }
}

/// <summary>What a traffic file says. Compared by reference.</summary>
/// <param name="Matrix">Who sent how much to whom.</param>
/// <param name="LeftOut">The rows that are not in it.</param>
internal sealed record CsvTraffic(TrafficMatrix Matrix, LeftOutRows LeftOut);

/// <summary>Rows of a traffic file that count for nothing.</summary>
/// <param name="NoVm">From and to addresses that no VM of the application has.</param>
/// <param name="OnLink">Between a VM and an address whose traffic stays on its link.</param>
internal readonly record struct LeftOutRows(int NoVm, int OnLink)
{
    /// <summary>What is said of them; null if there are none.</summary>
    /// <param name="file">The traffic file.</param>
    /// <param name="application">Whose VMs are meant.</param>
    public string? Text(string file, AppId application)
    {
        string?[] reasons =
        [
            NoVm == 0 ? null : $"{NoVm} {(NoVm == 1 ? "concerns" : "concern")} no VM of {application}",
            OnLink == 0 ? null : $"{OnLink} {(OnLink == 1 ? "stays" : "stay")} on the link (multicast, broadcast, link-local)",
        ];
        return this == default ? null
            : $"{file}: left out {NoVm + OnLink} {(NoVm + OnLink == 1 ? "row" : "rows")}: {string.Join(", ", reasons.OfType<string>())}";
    }
}
