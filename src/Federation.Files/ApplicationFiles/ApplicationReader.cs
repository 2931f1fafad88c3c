using System.Collections.Immutable;
using Federation.Domain.Applications;
using Federation.Domain.Groups;
using Federation.Domain.Identity;
using Federation.Domain.Networks;
using Federation.Files.Images;
using Federation.Files.SiteFiles;
using Federation.Yaml;
using Federation.Yaml.Quantities;
using Federation.Yaml.Scalars;
using Federation.Yaml.Shapes;

namespace Federation.Files.ApplicationFiles;

/// <summary>Reads the mapping of an application file as an application.</summary>
/// <param name="places">Reads where VMs are and may be.</param>
internal sealed class ApplicationReader(PlaceReader places)
{
    /// <summary>The application; it holds stand-ins wherever the report got a fault.</summary>
    public Application Read(Section file)
    {
        var application = ReadAlone(file);
        var affinity = new AffinityReader(application.Vms, places.Sites, application.Without);
        var together = affinity.ReadTogether(file);
        return application with
        {
            Together = together, Apart = affinity.ReadApart(file), Endpoints = new EndpointReader(application.Vms, places).Read(file),
            Prefer = new PreferenceReader(application.Vms, places, application.Without).Read(file),
        };
    }

    private static AppId ReadId(Section file)
    {
        var name = file.Read("application", Names.Application, "");
        return new(file.Read("tenant", Names.Tenant, default), name);
    }

    private Application ReadAlone(Section file)
    {
        var images = ImageFiles.Read(file, ImageFiles.Image);
        file.RefuseEmpty("quiet", "leave it out if VMs may move at any time");
        return ReadRest(file) with { Without = places.ReadWithout(file), Images = images, Vms = ReadVms(file, new GuestReader(images)) };
    }

    private static Application ReadRest(Section file) => new()
    {
        Id = ReadId(file),
        Objective = file.Read("objective", ApplicationWords.Objectives.Type, Objective.Cost),
        Deadline = file.ReadOptional("deadline", Durations.PositiveSpan),
        Budget = file.ReadOptional("budget", Numbers.Money),
        BudgetPerHour = file.ReadOptional("budgetPerHour", Numbers.Money),
        CarbonPrice = file.ReadOptional("carbonPrice", Numbers.Money),
        Quiet = [.. file.Sections("quiet", SiteShapes.Arrivals).Select(PolicyReader.ReadArrivals)],
        Remaining = file.Read("remaining", Durations.PositiveSpan, default),
        Overlap = file.Read("overlap", Numbers.Share, 0),
        PacketsPerExchange = file.ReadOptional("packetsPerExchange", Numbers.AtLeastOne),
        Margin = file.Read("margin", Numbers.Share, 0.05),
        MovingMargin = file.Read("movingMargin", Numbers.RealOrZero, 0),
        PredictionError = file.Read("predictionError", Numbers.Share, 0),
        HarmLimit = file.Read("harmLimit", Numbers.RealOrZero, 0.25),
        Retention = file.ReadOptional("retention", Durations.PositiveSpan),
        Network = file.Read("network", Names.Network.As(name => (string?)name), null),
        Subnet = file.ReadOptional("subnet", Subnets),
        Detection = file.Inner("detection", ApplicationShapes.Detection) is { } detection ? ReadDetection(detection) : new(),
        Moves = MoveReader.ReadLimits(file),
        ColdMoves = MoveReader.ReadCold(file),
        Restarts = MoveReader.ReadRestarts(file),
        Restart = file.Read("restart", ApplicationWords.YesNo.Type, false),
        Vms = [],
    };

    private static readonly ScalarType<Subnet> Subnets = new(text => Subnet.TryParse(text, out var subnet)
        ? Reading.Of(subnet)
        : Reading.No<Subnet>("is no range of IPv4 addresses", "write 10.42.0.0/16: the first address of the range and its length, 8 to 30 bits"));

    private static DetectionPolicy ReadDetection(Section detection) => new()
    {
        Detector = detection.Read("detector", ApplicationWords.Detectors.Type, DetectorKind.Auto),
        Metric = detection.Read("metric", ApplicationWords.Metrics.Type, default).Metric,
    };

    private ImmutableArray<VmSpec> ReadVms(Section file, GuestReader guests)
    {
        if (file.Find("vms") is { Node: YamlNode.Mapping } cluster)
        {
            return ClusterReader.Read(new Section(cluster, ApplicationShapes.Cluster), places, guests);
        }

        file.RefuseEmpty("vms", "write at least one VM");
        var reader = new VmReader(places, guests);
        return [.. file.Sections("vms", ApplicationShapes.Vm).Select(reader.Read)];
    }
}
