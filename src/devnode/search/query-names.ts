/** Queries of OpenSearch that the development node does not have. */
export const OTHER_QUERIES: ReadonlySet<string> = new Set(
  `boosting combined_fields common dis_max distance_feature field_masking_span function_score fuzzy geo_bounding_box geo_distance geo_polygon geo_shape
  has_child has_parent hybrid intervals knn match_bool_prefix match_phrase_prefix more_like_this nested neural parent_id percolate pinned query_string rank_feature
  regexp script script_score simple_query_string span_containing span_first span_gap span_multi span_near span_not span_or span_term span_within
  template terms_set wrapper xy_shape`.split(/\s+/),
);

/** Aggregations of OpenSearch that the development node does not have. */
export const OTHER_AGGREGATIONS: ReadonlySet<string> = new Set(
  `adjacency_matrix auto_date_histogram avg_bucket boxplot bucket_script bucket_selector bucket_sort cardinality children composite cumulative_sum
  date_histogram date_range derivative diversified_sampler extended_stats extended_stats_bucket filter filters geo_bounds geo_centroid geo_distance geohash_grid
  geotile_grid global histogram ip_range matrix_stats max_bucket median_absolute_deviation min_bucket missing moving_avg moving_fn multi_terms nested
  parent percentile_ranks percentiles percentiles_bucket range rare_terms reverse_nested sampler scripted_metric serial_diff significant_terms
  significant_text stats stats_bucket string_stats sum_bucket t_test top_hits top_metrics variable_width_histogram weighted_avg`.split(
    /\s+/,
  ),
);

/** Members of a search body that OpenSearch has and the development node does not. */
export const OTHER_SEARCH_MEMBERS: ReadonlySet<string> = new Set(
  `collapse derived docvalue_fields ext fields highlight indices_boost pit profile rescore script_fields slice stored_fields suggest
  search_pipeline`.split(/\s+/),
);
