using System.Globalization;
using CsCheck;
using Federation.Cli.Offline;
using Federation.Domain.Applications;
using Federation.Domain.Identity;
using Federation.Domain.Traffic;
using Shouldly;
using Xunit;

namespace Federation.Cli.Tests.Offline;

public sealed class TrafficCsvTests
{
    private const int Vms = 3;
    private const string Header = "source,destination,packets,bytes";
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(30);

    private static readonly Application Cluster = new()
    {
        Id = new(new("astro"), "cg"),
        Objective = Objective.Cost,
        Remaining = TimeSpan.FromHours(1),
        Vms = [.. Enumerable.Range(1, Vms).Select(i => new VmSpec
        {
            Id = new($"vm{i}"), Addresses = [Address.Parse($"10.0.0.{i}"), Address.Parse($"2001:db8::{i}")], Vcpus = 1, MemoryBytes = 1,
        })],
    };

    // Hosts 1 to 3 are VMs, 4 and 5 are not.
    private static readonly Gen<(int From, int To, int Packets, int Bytes)[]> Rows =
        Gen.Select(Gen.Int[1, 5], Gen.Int[1, 5], Gen.Int[0, 1000], Gen.Int[0, 1_000_000]).Where(row => row.Item1 <= Vms || row.Item2 <= Vms)
            .Array[1, 20];

    [Fact]
    public void Every_row_is_counted_once_where_it_belongs() => Rows.Sample(rows =>
    {
        var matrix = Read(string.Join('\n', rows.Select(row => $"10.0.0.{row.From},10.0.0.{row.To},{row.Packets},{row.Bytes}").Prepend(Header))).Value.Matrix;

        for (var from = 1; from <= Vms; from++)
        {
            matrix.SentOutside.GetValueOrDefault(Vm(from)).ShouldBe(Sum(rows, row => row.From == from && row.To > Vms));
            matrix.ReceivedOutside.GetValueOrDefault(Vm(from)).ShouldBe(Sum(rows, row => row.From > Vms && row.To == from));
            for (var to = 1; to <= Vms; to++)
            {
                matrix[Vm(from), Vm(to)].ShouldBe(from == to ? default : Sum(rows, row => row.From == from && row.To == to));
            }
        }
    });

    [Fact]
    public void A_VM_is_known_by_each_of_its_addresses()
    {
        var matrix = Read($"{Header}\n10.0.0.1,10.0.0.2,1,10\n2001:DB8::1,2001:db8:0::2,2,20\n").Value.Matrix;

        matrix[Vm(1), Vm(2)].ShouldBe(new Flow(3, 30));
    }

    [Theory]
    [InlineData("\uFEFFsource,destination,packets,bytes\r\n10.0.0.1,10.0.0.2,1,10\r\n\r\n")]
    [InlineData("10.0.0.1,10.0.0.2,1,10")]
    [InlineData("\"source\",\"destination\",\"packets\",\"bytes\"\n\"10.0.0.1\",\"10.0.0.2\",\"1\",\"10\"\n")]
    [InlineData("bytes,packets,destination,source,protocol\n10,1,10.0.0.2,10.0.0.1,\"tcp, 443\"\n")]
    [InlineData("Source,Destination,Packets,Bytes\n 10.0.0.1 , 10.0.0.2 , 1 , 1e1 \n")]
    public void What_other_programs_write_is_read(string text)
    {
        var read = Read(text);

        read.Faults.ShouldBeEmpty();
        read.Value.Matrix[Vm(1), Vm(2)].ShouldBe(new Flow(1, 10));
    }

    [Fact]
    public void Every_fault_is_told_with_its_line()
    {
        var faults = Read($"{Header}\nhere,10.0.0.2,1,1\n\n10.0.0.1,10.0.0.2,-1,NaN\n10.0.0.1,10.0.0.2,1\n10.0.0.8,10.0.0.9,1,1\n").Faults;

        faults.Select(fault => string.Create(CultureInfo.InvariantCulture, $"{fault.Line} {fault.Key} {fault.Value} {fault.Problem}")).ShouldBe([
            "2 source here is no address",
            "4 packets -1 is no amount",
            "4 bytes NaN is no amount",
            "5  10.0.0.1,10.0.0.2,1 has 3 cells",
        ]);
    }

    [Fact]
    public void A_row_that_concerns_no_VM_is_left_out_and_counted()
    {
        var read = Read($"{Header}\n0.0.0.0,224.0.0.22,1,60\n10.0.0.1,10.0.0.2,1,10\n10.0.0.8,10.0.0.9,1,1\n");

        read.Faults.ShouldBeEmpty();
        read.Value.Matrix[Vm(1), Vm(2)].ShouldBe(new Flow(1, 10));
        read.Value.LeftOut.ShouldBe(new LeftOutRows(NoVm: 2, OnLink: 0));
        read.Value.LeftOut.Text("t.csv", Cluster.Id).ShouldBe("t.csv: left out 2 rows: 2 concern no VM of astro/cg");
    }

    [Fact]
    public void What_a_VM_sends_to_all_on_its_link_is_left_out_and_counted()
    {
        var read = Read($"{Header}\n10.0.0.1,224.0.0.22,1,60\n10.0.0.1,255.255.255.255,1,60\nfe80::9,10.0.0.1,1,60\n0.0.0.0,224.0.0.22,1,60\n");

        read.Faults.ShouldBeEmpty();
        read.Value.Matrix.SameAs(TrafficMatrix.Empty(Period)).ShouldBeTrue();
        read.Value.LeftOut.Text("t.csv", Cluster.Id)
            .ShouldBe("t.csv: left out 4 rows: 1 concerns no VM of astro/cg, 3 stay on the link (multicast, broadcast, link-local)");
    }

    [Fact]
    public void Traffic_of_another_application_is_a_fault() =>
        Read($"{Header}\n10.9.0.1,10.9.0.2,1,10\n10.9.0.2,10.9.0.1,1,10\n").Faults.Single().ToString().ShouldBe(
            "t.csv:2: '10.9.0.1,10.9.0.2,1,10' concerns no VM of astro/cg, as no row of the file does; "
            + "write the addresses that the application file gives its VMs");

    [Fact]
    public void Another_header_is_named_and_not_read_as_a_row() =>
        Read("src,dst,packets,bytes\n10.0.0.1,10.0.0.2,1,10\n").Faults.Single().ToString().ShouldBe(
            "t.csv:1: 'src,dst,packets,bytes' is another header: it has no source, destination; write source,destination,packets,bytes, separated by commas");

    [Fact]
    public void A_file_without_a_row_is_a_fault() => Read("\n\n").Faults.Single().Problem.ShouldBe("is empty");

    [Fact]
    public void A_header_alone_says_that_the_application_was_silent()
    {
        var read = Read(Header);

        read.Faults.ShouldBeEmpty();
        read.Value.Matrix.SameAs(TrafficMatrix.Empty(Period)).ShouldBeTrue();
    }

    private static Files.Checked<CsvTraffic> Read(string text) => TrafficCsv.Read(text, "t.csv", Cluster, Period);

    private static VmId Vm(int number) => new($"vm{number}");

    private static Flow Sum((int From, int To, int Packets, int Bytes)[] rows, Func<(int From, int To, int Packets, int Bytes), bool> belongs) =>
        rows.Where(belongs).Aggregate(default(Flow), (sum, row) => sum + new Flow(row.Packets, row.Bytes));
}
