using System.Globalization;
using Federation.Domain.Applications;
using Federation.Domain.Identity;
using Federation.Domain.Traffic;
using Federation.Yaml;

namespace Federation.Cli.Offline;

/// <summary>Reads an application's traffic from CSV: <c>source,destination,packets,bytes</c>, by addresses.</summary>
/// <remarks>
/// Rows of the same pair add up. Between a VM and an address that is no VM's it is traffic with the outside; a row that
/// concerns no VM at all is a fault, since it says that traffic and application do not belong together.
/// </remarks>
internal sealed class TrafficCsv
{
    private const string Header = "source,destination,packets,bytes";

    private readonly string file;
    private readonly Application? application;
    private readonly Dictionary<Address, VmId> owners;
    private readonly List<Fault> faults = [];
    private readonly TrafficMatrixBuilder builder = new();

    private TrafficCsv(string file, Application? application)
    {
        this.file = file;
        this.application = application;
        owners = (application?.Vms ?? [])
            .SelectMany(vm => vm.Addresses.Select(address => (address, vm.Id)))
            .ToDictionary(entry => entry.address, entry => entry.Id);
    }

    /// <summary>Reads a text, and tells all of its faults at once.</summary>
    /// <param name="text">The file's text.</param>
    /// <param name="file">What to call the file in faults.</param>
    /// <param name="application">Whose VMs the addresses are; null: not known, then only the rows' form is checked.</param>
    /// <param name="period">How long the traffic was counted; more than zero.</param>
    public static Files.Checked<TrafficMatrix> Read(string text, string file, Application? application, TimeSpan period)
    {
        var csv = new TrafficCsv(file, application);
        csv.ReadLines(text);
        return new(csv.builder.Build(period), [.. csv.faults]);
    }

    private void ReadLines(string text)
    {
        var number = 0;
        var isFirst = true;
        foreach (var raw in text.AsSpan().TrimStart('\uFEFF').EnumerateLines())
        {
            number++;
            var line = raw.Trim();
            if (line.IsEmpty)
            {
                continue;
            }

            // The header may be left out: no address reads "source".
            if (!isFirst || !line.Equals(Header, StringComparison.OrdinalIgnoreCase))
            {
                ReadRow(line.ToString().Split(','), number);
            }

            isFirst = false;
        }

        if (isFirst)
        {
            Refuse(0, "", null, "holds no traffic", $"write the header {Header} and one row for each pair");
        }
    }

    private void ReadRow(string[] cells, int line)
    {
        if (cells.Length != 4)
        {
            Refuse(line, "", null, $"has {cells.Length} cells", $"write {Header}");
            return;
        }

        var before = faults.Count;
        var source = ReadAddress(cells[0], "source", line);
        var destination = ReadAddress(cells[1], "destination", line);
        var flow = new Flow(ReadAmount(cells[2], "packets", line), ReadAmount(cells[3], "bytes", line));
        if (faults.Count == before && application is not null)
        {
            Add(source, destination, flow, application.Id, line);
        }
    }

    private void Add(Address source, Address destination, Flow flow, AppId named, int line)
    {
        switch (OwnerOf(source), OwnerOf(destination))
        {
            case ({ } from, { } to):
                builder.Add(from, to, flow);
                break;
            case ({ } from, null):
                builder.AddSentOutside(from, flow);
                break;
            case (null, { } to):
                builder.AddReceivedOutside(to, flow);
                break;
            default:
                Refuse(line, "", $"{source},{destination}", $"concerns no VM of {named}",
                    "write the addresses that the application file gives its VMs");
                break;
        }
    }

    private VmId? OwnerOf(Address address) => owners.TryGetValue(address, out var vm) ? vm : null;

    private Address ReadAddress(string cell, string key, int line)
    {
        if (!Address.TryParse(cell.Trim(), out var address))
        {
            Refuse(line, key, cell.Trim(), "is no address", "write an IPv4, IPv6 or MAC address such as 10.42.0.1");
        }

        return address;
    }

    private double ReadAmount(string cell, string key, int line)
    {
        var isNumber = double.TryParse(cell.Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out var amount);
        if (!isNumber || !double.IsFinite(amount) || amount < 0)
        {
            Refuse(line, key, cell.Trim(), "is no amount", "write a number that is not negative");
        }

        return amount;
    }

    private void Refuse(int line, string key, string? value, string problem, string remedy) =>
        faults.Add(new Fault(file, line, key, value, problem, remedy));
}
