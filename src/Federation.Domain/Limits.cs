using System.Globalization;

namespace Federation.Domain;

/// <summary>
/// Every bound that files, bodies, names and numbers from outside are held to. What exceeds one is refused with the bound in the refusal; the
/// JSON Schemas of the files say the same, and docs/operating.md lists them.
/// </summary>
/// <remarks>
/// They keep what one user sends from slowing the others down, and arithmetic from leaving the range of its types. What an operator can set is in
/// the service's options; how much a sensor may say in one batch is with <see cref="Traffic.WindowBatchReading"/>.
/// </remarks>
public static class Limits
{
    /// <summary>Of files, and of bodies that are files.</summary>
    public static class Files
    {
        /// <summary>A site file, bytes: a site of 500 offers takes 40 kB, and 1,000 price steps 50 kB more.</summary>
        public const int SiteBytes = 1 << 20;

        /// <summary>An application file, bytes: 10,000 VMs written one by one take some 2 MB.</summary>
        public const int ApplicationBytes = 4 << 20;

        /// <summary>A file that is parsed at once, bytes; a larger one waits for its turn.</summary>
        public const int SmallBytes = 64 << 10;

        /// <summary>A sensor's file, a scenario, bytes.</summary>
        public const int OtherBytes = 16 << 20;

        /// <summary>A price feed, bytes: some half a million price changes.</summary>
        public const int FeedBytes = 32 << 20;

        /// <summary>Site files in one folder.</summary>
        public const int InFolder = 500;

        /// <summary>Faults of one file that are told: whoever has mended those sees the next.</summary>
        public const int Faults = 100;

        /// <summary>Levels of nesting; the deepest place of any file is at 6.</summary>
        public const int Nesting = 16;

        /// <summary>Items of a list, or keys of a mapping, for which nothing stricter is said.</summary>
        public const int Items = 100_000;
    }

    /// <summary>Of one site.</summary>
    public static class Site
    {
        /// <summary>Offers.</summary>
        public const int Offers = 500;

        /// <summary>Steps of one offer's price; of a feed with more the newest count.</summary>
        public const int PriceSteps = 1000;

        /// <summary>Steps of all offers' prices together.</summary>
        public const int AllPriceSteps = 20_000;

        /// <summary>Links to other sites, and so the sites of a federation that VMs can be split over.</summary>
        public const int Links = Files.InFolder;

        /// <summary>Quotas, one a tenant.</summary>
        public const int Quotas = 1000;

        /// <summary>Intervals in which VMs may be there.</summary>
        public const int Availability = 1000;

        /// <summary>Tenants that may come.</summary>
        public const int Tenants = 1000;

        /// <summary>Residency tags.</summary>
        public const int Residency = 64;

        /// <summary>Parts of the week in which VMs may arrive, or leave.</summary>
        public const int Arrivals = 64;

        /// <summary>Images that the site has copies of.</summary>
        public const int Images = 1000;
    }

    /// <summary>Of one application.</summary>
    public static class Application
    {
        /// <summary>VMs.</summary>
        public const int Vms = 10_000;

        /// <summary>Addresses of a VM.</summary>
        public const int Addresses = 16;

        /// <summary>Residency tags of a VM.</summary>
        public const int Residency = 64;

        /// <summary>Sites that a VM may be at.</summary>
        public const int Sites = Site.Links;

        /// <summary>Sets of VMs that have to be together, and sets that have to be apart, each.</summary>
        public const int Sets = 1000;

        /// <summary>Preferences of places.</summary>
        public const int Preferences = 100;

        /// <summary>Endpoints: servers that stay where they are.</summary>
        public const int Endpoints = 256;

        /// <summary>Images that its VMs start from.</summary>
        public const int Images = 64;

        /// <summary>Places where one image can be had.</summary>
        public const int ImageSources = 16;

        /// <summary>Disks of a VM: as many as a small PC bus has room for beside the network.</summary>
        public const int Disks = 16;

        /// <summary>Network interfaces of a VM.</summary>
        public const int Nics = 8;

        /// <summary>VMs that all sets of one kind name together.</summary>
        public const int NamedInSets = 20_000;
    }

    /// <summary>Of one application's plans.</summary>
    public static class Plans
    {
        /// <summary>Plans that are proposed and not started; with one more the oldest is superseded.</summary>
        public const int Proposed = 20;
    }

    /// <summary>Of a sensor's own file.</summary>
    public static class Sensor
    {
        /// <summary>VMs on its host.</summary>
        public const int Vms = 10_000;

        /// <summary>Patterns of taps.</summary>
        public const int Taps = 256;

        /// <summary>File servers.</summary>
        public const int FileServers = 256;
    }

    /// <summary>Of names and other texts, characters.</summary>
    public static class Text
    {
        /// <summary>The name of a site, application, tenant, VM, offer, host or sensor, and a tag.</summary>
        public const int Name = 63;

        /// <summary>A line for people: a region, a reason.</summary>
        public const int Line = 200;

        /// <summary>What an event, or an entry of the audit log, says; the rest is counted and left out.</summary>
        public const int Event = 4000;

        /// <summary>What cloud-init is given: as much as the public clouds take.</summary>
        public const int UserData = 16 << 10;

        /// <summary>A kernel's command line: what Linux on x86 takes.</summary>
        public const int KernelArguments = 2047;

        /// <summary>An address of an image.</summary>
        public const int Source = 2048;

        /// <summary>A token in a request's header.</summary>
        public const int Token = 8192;

        /// <summary>A text as it is kept: at most <see cref="Event"/> characters of it, and how many more there were.</summary>
        public static string Kept(string text)
        {
            if (text.Length <= Event)
            {
                return text;
            }

            // No half of a character: no database takes that for text.
            var kept = char.IsHighSurrogate(text[Event - 1]) ? Event - 1 : Event;
            return string.Create(CultureInfo.InvariantCulture, $"{text.AsSpan(0, kept)} ... and {text.Length - kept} characters more");
        }
    }

    /// <summary>Of numbers, so that sums over all VMs of a federation stay in the range of their types.</summary>
    public static class Number
    {
        /// <summary>vCPUs of a VM or an offer.</summary>
        public const int Vcpus = 4096;

        /// <summary>Memory of a VM or an offer, bytes: 64 TiB.</summary>
        public const long MemoryBytes = 1L << 46;

        /// <summary>Bytes in any other place: 1 EiB.</summary>
        public const long Bytes = 1L << 60;

        /// <summary>Any whole number.</summary>
        public const int Count = 1_000_000_000;

        /// <summary>Any number that is not whole.</summary>
        public const double Real = 1e12;

        /// <summary>Money, in the federation's currency.</summary>
        public const decimal Money = 1_000_000_000;

        /// <summary>The slowest offer, as a multiple of the reference core.</summary>
        public const double SlowestOffer = 0.001;

        /// <summary>The fastest offer, as a multiple of the reference core.</summary>
        public const double FastestOffer = 1000;

        /// <summary>The least bandwidth, bytes per second: 1 kbps.</summary>
        public const double LeastBandwidth = 125;

        /// <summary>The most that any rate is, bytes per second: 8 Pbps.</summary>
        public const double Rate = 1e15;

        /// <summary>The longest way of a packet, seconds.</summary>
        public const double LatencySeconds = 60;
    }

    /// <summary>Of times.</summary>
    public static class Time
    {
        /// <summary>The longest duration, days: ten years and some.</summary>
        public const int LongestDays = 3660;

        /// <summary>The first year in which a site is available, or of which traffic is asked for.</summary>
        public const int FirstYear = 1970;

        /// <summary>The last year in which a site is available.</summary>
        public const int LastYear = 2199;

        /// <summary>The last year of which traffic is asked for: what a classic capture file can hold.</summary>
        public const int LastYearOfTraffic = 2106;
    }

    /// <summary>Of requests: what a query or a JSON body may ask for.</summary>
    public static class Request
    {
        /// <summary>A body that is neither a file nor a batch of windows, bytes.</summary>
        public const int JsonBytes = 64 << 10;

        /// <summary>Files above <see cref="Files.SmallBytes"/> that one caller may have on the way to a silo.</summary>
        public const int LargeFilesAtOnce = 4;

        /// <summary>Windows that a plan's traffic is averaged over, or in which groups are found: a day of them.</summary>
        public const int Windows = 2880;

        /// <summary>How long a query of traffic may wait, seconds.</summary>
        public const double TrafficWaitSeconds = 3600;

        /// <summary>How long a query of events may wait, seconds.</summary>
        public const double EventWaitSeconds = 60;

        /// <summary>How long a solver may look, seconds.</summary>
        public const double SolverSeconds = 120;

        /// <summary>Leiden's resolution.</summary>
        public const double Resolution = 1e6;

        /// <summary>The floor of a pair's weight, packets or bytes per second.</summary>
        public const double FloorPerSecond = Number.Rate;

        /// <summary>How many times as much as the one before it a window may weigh in a weighted mean.</summary>
        public const double Coefficient = 1e6;

        /// <summary>Entries of the audit log on one page.</summary>
        public const int AuditEntries = 1000;
    }
}
