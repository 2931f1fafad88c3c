using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Federation.Files.ApplicationFiles;
using Federation.Files.SiteFiles;
using Federation.Yaml;
using Shouldly;
using Xunit;

namespace Federation.Files.Tests;

/// <summary>Every key of both forms with every bad value: one fault at its line, with what would be right, and never an exception.</summary>
public sealed partial class EveryKeyTests
{
    // One value a line, so that a line tells the key.
    private const string Site = """
        site: rennes
        kind: grid
        region: eu-west
        currency: USD
        offers:
          - name: std-4
            vcpus: 4
            memory: 16GiB
            speed: 1.0
            available: 32
            price: 0
          - name: std-8
            vcpus: 8
            memory: 32GB
            price:
              - from: 2026-11-01T00:00Z
                perHour: 0.21
        billing:
          increment: 1s
          minimum: 60s
        energy:
          wattsPerVcpu: 8.5
          wattsPerHost: 90
          gramsPerKWh:
            - from: 2026-11-01T00:00Z
              grams: 56
        network:
          latency: 0.1ms
          bandwidth: 10Gbps
          internetEgressPerGB: 0
        links:
          aws-eu-west-3:
            latency: 12ms
            bandwidth: 2.5Gbps
            egressPerGB: 0
            encryption: required
            encryptedBandwidth: 400Mbps
            path: star
        capacity:
          vcpus: 96
          memory: 384GiB
          vms: 48
          headroom: 0.1
        quotas:
          - tenant: astro
            vcpus: 64
            memory: 256GiB
            vms: 32
            coreHours: 5000
        availability:
          - from: 2026-11-23T18:00Z
            until: 2026-11-24T06:00Z
        policy:
          tenants:
            - astro
          residency:
            - eu
          migrations:
            in: 2
            out: 3
          arrivals:
            - days: mon-fri
              from: "20:00"
              until: "06:00"
              zone: Europe/Paris
          departures:
            - days: mon-fri
              from: "20:00"
              until: "06:00"
              zone: Europe/Paris
          approval: manual
          departureApproval: auto
          moves:
            live: false
            bandwidth: 1Gbps
            downtime: 1s
            duration: 30m
            autoConverge: false
        images:
          - image: debian-12
            sha256: BA3abe4f14f25af8c1e0ff3e0c0b56ac3a0d0df0b6f3f64df1b9e4f1b17c6b7e
            sources:
              - file:///srv/images/debian-12.qcow2
        """;

    private const string Application = """
        application: cg
        tenant: astro
        objective: cost
        deadline: 4h
        budget: 25.0
        budgetPerHour: 1.5
        carbonPrice: 80
        remaining: 2h
        overlap: 0.25
        packetsPerExchange: 3
        margin: 0.1
        movingMargin: 0.5
        predictionError: 0.1
        harmLimit: 0.5
        retention: 30d
        endpoints:
          - name: nfs
            addresses:
              - 10.42.0.250
            site: rennes
        network: lab-7
        subnet: 10.42.0.0/16
        detection:
          detector: auto
          metric: bytes
        images:
          - image: debian-12
            sha256: ba3abe4f14f25af8c1e0ff3e0c0b56ac3a0d0df0b6f3f64df1b9e4f1b17c6b7e
            sources:
              - https://images.example/debian-12.qcow2
          - image: vmlinuz
            sha256: aa3abe4f14f25af8c1e0ff3e0c0b56ac3a0d0df0b6f3f64df1b9e4f1b17c6b7e
        moves:
          downtime: 1s
          duration: 30m
          autoConverge: true
          perDay: 10
          whenMissed: cold
        coldMoves:
          lostWork: 10m
          downtime: 20m
          boot: 2m
        restarts:
          lostWork: 10m
          boot: 2m
        restart: true
        without:
          - aws-us-east-1
        quiet:
          - days: mon-fri
            from: "08:00"
            until: "18:00"
            zone: Europe/Paris
        prefer:
          - vms:
            - vm1
            sites:
            - rennes
            pricePerHour: 0.5
        together:
          - - vm1
            - vm2
        apart:
          - vms:
            - vm1
            - vm3
            sites: 2
            atMost: 1
        vms:
          - vm: vm1
            addresses:
              - 10.42.0.1
            vcpus: 2
            memory: 4GiB
            dirtyRate: 20MB/s
            architecture: x86_64
            machine: pc-i440fx-7.2
            cpuModel: Haswell
            kernel:
              image: vmlinuz
              initrd: vmlinuz
              arguments: console=ttyS0
            disks:
              - disk: root
                image: debian-12
                size: 20GiB
                written: 2GiB
                writeRate: 5MB/s
            nics:
              - mac: 52:54:00:12:34:56
                addresses:
                  - 10.42.0.1
            userData: hello
            public: 203.0.113.17
            at:
              site: rennes
              offer: std-4
            residency:
              - eu
            sites:
              - rennes
          - vm: vm2
            vcpus: 2
            memory: 4GiB
            public: rennes
          - vm: vm3
            vcpus: 2
            memory: 4GiB
        """;

    private const string Cluster = """
        application: cg
        tenant: astro
        objective: time
        remaining: 2h
        images:
          - image: vmlinuz
            sha256: aa3abe4f14f25af8c1e0ff3e0c0b56ac3a0d0df0b6f3f64df1b9e4f1b17c6b7e
        together:
          - - vm1
            - vm2
        vms:
          count: 8
          prefix: vm
          firstAddress: 10.42.0.254
          vcpus: 2
          memory: 4GiB
          dirtyRate: 20MB/s
          architecture: x86_64
          machine: pc-i440fx-7.2
          cpuModel: Haswell
          kernel:
            image: vmlinuz
            initrd: vmlinuz
            arguments: console=ttyS0
          disks:
            - disk: root
              image: vmlinuz
              size: 20GiB
              written: 2GiB
              writeRate: 5MB/s
          userData: hello
          public: rennes
          at:
            site: rennes
            offer: std-4
          residency:
            - eu
          sites:
            - rennes
        """;

    // Bad for every key but those that take any line of text, or any name.
    private static readonly ImmutableArray<string> Bad =
    [
        "", "~", "[]", "{}", "[1]", "{ a: 1 }", "[[[]]]", "0,05x", "5%", "5 %", "-1e400", "1e400", "NaN", "-Infinity", "!!", "@home", "2026-12-01", "2026-13-45T99:99Z",
        "12 parsecs", "'1'", "0x1F", "1_000", "\"\\0\"", "\"a\\nb\"", "\"\\ud800\"", "99999999999999999999999999", "true", "tomorrow or so", "../../etc/passwd",
        new('x', 10_000), new('9', 10_000), "1" + new string('x', 10_000), "1,5" + new string('x', 10_000), $"{new string('[', 12)}{new string(']', 12)}",
    ];

    // Of a text or a name more is right.
    private static readonly ImmutableArray<string> BadEverywhere = ["", "~", "[]", "{}", "[1]", "{ a: 1 }", "[[[]]]", "\"\\0\"", "\"a\\nb\"", new('x', 10_000)];

    private static readonly ImmutableHashSet<string> Texts =
        ["site", "region", "name", "tenant", "application", "vm", "offer", "prefix", "tenants[]", "residency[]", "sites[]", "without[]", "vms[]", "together[]", "currency", "days", "network",
        "image", "disk", "architecture", "machine", "cpuModel", "arguments", "public"];

    // Of these, the lines of a text are right, and so is any length that a file has room for.
    private static readonly ImmutableArray<string> BadForLines = ["", "~", "[]", "{}", "[1]", "{ a: 1 }", "[[[]]]", "\"\\0\"", new('x', 20_000)];

    private static readonly ImmutableHashSet<string> YesOrNo = ["restart", "autoConverge", "live"];

    public static TheoryData<string, string> Files => new() { { nameof(Site), Site }, { nameof(Application), Application }, { nameof(Cluster), Cluster } };

    [Theory]
    [MemberData(nameof(Files))]
    public void A_bad_value_of_any_key_is_one_fault_at_its_line_with_a_remedy(string kind, string text)
    {
        FaultsOf(kind, text).ShouldBeEmpty();
        var lines = text.Split('\n');
        foreach (var (index, line) in lines.Index())
        {
            if (Valued().Match(line) is { Success: true } valued)
            {
                foreach (var bad in BadFor(KeyAt(lines, index)))
                {
                    var broken = string.Join('\n', lines.Select((each, at) => at == index ? valued.Groups["head"].Value + bad : each));
                    ShouldBeOneFault(FaultsOf(kind, broken), index + 1, $"{kind}: {line.Trim()} -> {(bad.Length > 40 ? bad[..40] : bad)}");
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void A_key_that_is_mistyped_is_told_at_its_line(string kind, string text)
    {
        var lines = text.Split('\n');
        foreach (var (index, line) in lines.Index().Where(line => Keyed().IsMatch(line.Item) && !line.Item.Contains("aws-") && !line.Item.Contains("://")))
        {
            var broken = string.Join('\n', lines.Select((each, at) => at == index ? Keyed().Replace(each, "${head}${key}x:") : each));
            var fault = FaultsOf(kind, broken).FirstOrDefault(fault => fault.Line == index + 1 && fault.Problem == "is an unknown key").ShouldNotBeNull(line);
            fault.Remedy.ShouldBe($"the nearest known one is '{Keyed().Match(line).Groups["key"].Value}'");
        }
    }

    [Fact]
    public void No_key_is_left_out_of_this_test()
    {
        var keys = Files.SelectMany(file => Keyed().Matches(file.Data.Item2)).Select(match => match.Groups["key"].Value).ToHashSet();
        SiteShapes.All.Concat(ApplicationShapes.All).Where(shape => shape != SiteShapes.Feed).SelectMany(shape => shape.Keys).Select(key => key.Name).Except(keys).ShouldBeEmpty();
    }

    private static IEnumerable<string> BadFor(string key) =>
        key == "userData" ? BadForLines
        : Texts.Contains(key) ? BadEverywhere
        : YesOrNo.Contains(key) ? Bad.Where(bad => bad != "true")
        : Bad;

    private static void ShouldBeOneFault(ImmutableArray<Fault> faults, int line, string said)
    {
        var fault = faults.ShouldHaveSingleItem(said);
        fault.Line.ShouldBe(line, said);
        fault.Problem.ShouldNotBeEmpty(said);
        fault.Remedy.ShouldNotBeEmpty(said);
        fault.ToString().Length.ShouldBeLessThan(1000, said);
    }

    private static ImmutableArray<Fault> FaultsOf(string kind, string text) =>
        kind == nameof(Site) ? SiteFile.Parse(text, "x.yaml").Faults : ApplicationFile.Parse(text, "x.yaml").Faults;

    // The key of a line; of an item of a list the key of the list.
    private static string KeyAt(string[] lines, int index)
    {
        if (Keyed().Match(lines[index]) is { Success: true } keyed)
        {
            return keyed.Groups["key"].Value;
        }

        var list = lines.Take(index).Last(line => Keyed().IsMatch(line) && line.TrimEnd().EndsWith(':'));
        return Keyed().Match(list).Groups["key"].Value + "[]";
    }

    [GeneratedRegex(@"^(?<head>[ -]*([\w-]+: )?)(?<value>\S.*)(?<!:)$")]
    private static partial Regex Valued();

    [GeneratedRegex(@"^(?<head>[ -]*)(?<key>[A-Za-z][\w-]*):", RegexOptions.Multiline)]
    private static partial Regex Keyed();
}
