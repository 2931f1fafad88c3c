using System.Globalization;

namespace Federation.Collector.Bench;

internal static class Figures
{
    public static double At(this List<double> sorted, double share) => sorted[(int)Math.Min(sorted.Count - 1, share * sorted.Count)];

    public static void Print(string text) => Console.WriteLine(text);

    public static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>CPU seconds that a process has used, user and kernel, from /proc.</summary>
    public static double CpuSeconds(int process)
    {
        var fields = File.ReadAllText($"/proc/{process}/stat").Split(')')[^1].Trim().Split(' ');
        return (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) / 100.0;
    }

    /// <summary>CPU seconds that a process's running children have used.</summary>
    public static double CpuSecondsOfChildren(int process) =>
        File.ReadAllText($"/proc/{process}/task/{process}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Sum(child => CpuSeconds(int.Parse(child, CultureInfo.InvariantCulture)));

    /// <summary>The median and how far it scatters: <c>8,100 (7,500 to 8,400)</c>, the quartiles in brackets.</summary>
    public static string Spread(IEnumerable<double> values, string format)
    {
        var sorted = values.Order().ToList();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{sorted.At(0.5).ToString(format, CultureInfo.InvariantCulture)} ({sorted.At(0.25).ToString(format, CultureInfo.InvariantCulture)} to {sorted.At(0.75).ToString(format, CultureInfo.InvariantCulture)})");
    }

    public static long ResidentBytes(int process) => 1024 * long.Parse(
        File.ReadLines($"/proc/{process}/status").Single(line => line.StartsWith("VmRSS", StringComparison.Ordinal)).Split(' ')[^2],
        CultureInfo.InvariantCulture);
}
