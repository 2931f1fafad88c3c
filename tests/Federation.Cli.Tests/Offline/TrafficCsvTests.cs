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
        var matrix = Read(string.Join('\n', rows.Select(row => $"10.0.0.{row.From},10.0.0.{row.To},{row.Packets},{row.Bytes}").Prepend(Header))).Value;

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
        var matrix = Read($"{Header}\n10.0.0.1,10.0.0.2,1,10\n2001:DB8::1,2001:db8:0::2,2,20\n").Value;

        matrix[Vm(1), Vm(2)].ShouldBe(new Flow(3, 30));
    }

    [Theory]
    [InlineData("\uFEFFsource,destination,packets,bytes\r\n10.0.0.1,10.0.0.2,1,10\r\n\r\n")]
    [InlineData("10.0.0.1,10.0.0.2,1,10")]
    [InlineData("Source,Destination,Packets,Bytes\n 10.0.0.1 , 10.0.0.2 , 1 , 1e1 \n")]
    public void What_other_programs_write_is_read(string text)
    {
        var read = Read(text);

        read.Faults.ShouldBeEmpty();
        read.Value[Vm(1), Vm(2)].ShouldBe(new Flow(1, 10));
    }

    [Fact]
    public void Every_fault_is_told_with_its_line()
    {
        var faults = Read($"{Header}\nhere,10.0.0.2,1,1\n\n10.0.0.1,10.0.0.2,-1,NaN\n10.0.0.1,10.0.0.2,1\n10.0.0.8,10.0.0.9,1,1\n").Faults;

        faults.Select(fault => string.Create(CultureInfo.InvariantCulture, $"{fault.Line} {fault.Key} {fault.Value} {fault.Problem}")).ShouldBe([
            "2 source here is no address",
            "4 packets -1 is no amount",
            "4 bytes NaN is no amount",
            "5   has 3 cells",
            "6  10.0.0.8,10.0.0.9 concerns no VM of astro/cg",
        ]);
    }

    [Fact]
    public void A_file_without_a_row_is_a_fault() => Read("\n\n").Faults.Single().Problem.ShouldBe("holds no traffic");

    [Fact]
    public void A_header_alone_says_that_the_application_was_silent()
    {
        var read = Read(Header);

        read.Faults.ShouldBeEmpty();
        read.Value.SameAs(TrafficMatrix.Empty(Period)).ShouldBeTrue();
    }

    private static Files.Checked<TrafficMatrix> Read(string text) => TrafficCsv.Read(text, "t.csv", Cluster, Period);

    private static VmId Vm(int number) => new($"vm{number}");

    private static Flow Sum((int From, int To, int Packets, int Bytes)[] rows, Func<(int From, int To, int Packets, int Bytes), bool> belongs) =>
        rows.Where(belongs).Aggregate(default(Flow), (sum, row) => sum + new Flow(row.Packets, row.Bytes));
}
